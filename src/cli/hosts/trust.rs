//! `shelter hosts trust`: a look at a host's key, and the decision of a person.

use std::io::{IsTerminal, Write};

use crate::cli::args::Trust;
use crate::cli::compose::Console;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::prompt::is_trusted;
use crate::fleet::{Failure, FailureKind, Host};
use crate::reach::Stranger;
use crate::text::{Report, Reports};

pub async fn run(console: &Console, trust: &Trust) -> Result<Exit, Trouble> {
    let [host] = <[Host; 1]>::try_from(console.select(&trust.name)?).map_err(|hosts| {
        Report::error(format!("`{}` is {} hosts", trust.name, hosts.len()))
            .help("trust is given to one host at a time: name it")
    })?;
    let reach = console.ways()?.reach;
    let mut met = 0;
    // A host behind jump hosts may have several strangers on its way, nearest first.
    while let Some(stranger) = reach.stranger(&host).await.map_err(|e| told(&host, &e.failure()))? {
        met += 1;
        if !accepts(&stranger, trust)? {
            return Err(refused(&stranger, trust.fingerprint.as_deref()).into());
        }
        let file = reach.trust(&stranger).await.map_err(|e| told(&host, &e.failure()))?;
        writeln!(std::io::stdout(), "trusted: {} in {}", stranger.key, file.display())?;
    }
    if met == 0 {
        writeln!(std::io::stdout(), "the host key of {} is known already", host.name)?;
    }
    reach.close(&host).await;
    Ok(Exit::Well)
}

/// By the fingerprint that was given, else by whoever sits at the terminal; never by itself.
fn accepts(stranger: &Stranger, trust: &Trust) -> Result<bool, Trouble> {
    match &trust.fingerprint {
        Some(expected) => Ok(*expected == stranger.key.fingerprint()),
        None if std::io::stdin().is_terminal() => Ok(is_trusted(stranger)?),
        None => Ok(false),
    }
}

fn refused(stranger: &Stranger, expected: Option<&str>) -> Report {
    if let Some(expected) = expected {
        let message = format!("{} does not show the key you gave", stranger.target.endpoint);
        return Report::error(message)
            .cause(format!("it shows {}", stranger.key))
            .cause(format!("you gave {expected}"))
            .help("find out on the machine itself which key is its own before you go on");
    }
    Report::error(format!("not trusted: {}", stranger.key)).help(format!(
        "compare it with what the machine itself shows (`ssh-keygen -lf \
         /etc/ssh/ssh_host_ed25519_key.pub`), then `shelter hosts trust {} --fingerprint {}`",
        stranger.host,
        stranger.key.fingerprint()
    ))
}

/// A failure on the way there: unreachable hosts have an exit status of their own.
fn told(host: &Host, failure: &Failure) -> Trouble {
    let report = Report::error(format!("{}: {}", host.name, failure.text));
    let report = match &failure.hint {
        Some(hint) => report.help(hint.clone()),
        None => report,
    };
    let mut reports = Reports::new();
    reports.push(report);
    match failure.kind {
        FailureKind::Network | FailureKind::Protocol => Trouble::Unreachable(reports),
        _ => Trouble::Told(reports),
    }
}
