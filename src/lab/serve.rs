//! The serving process of a practice host: a fresh single thread that shuts itself off, then serves until idle.

use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use rustix::fs::Mode;
use rustix::process::{getgid, getuid};
use rustix::thread::UnshareFlags;

use super::place::Place;
use super::write::write;
use super::{Confinement, Profile, account, door, fork, harden, keys, plain, sensors, sshd};

/// What `lab-serve` was asked for: not meant for people.
struct Order {
    stage: String,
    level: Confinement,
    profile: Profile,
    place: Place,
}

/// The process behind the hidden command `lab-serve`, given the arguments after that word.
pub fn serve_main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let Some(order) = order(args) else { return ExitCode::from(1) };
    let done = match order.stage.as_str() {
        "outer" => outer(&order),
        _ => inner(&order),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            // Nobody is left to hear it when this fails.
            let _ = writeln!(io::stdout(), "declined {}: {cause}", order.level.word());
            let _ = writeln!(io::stderr(), "{}: {}: {cause}", order.profile.name(), order.level);
            ExitCode::from(2)
        }
    }
}

fn order(args: impl IntoIterator<Item = OsString>) -> Option<Order> {
    let mut args = args.into_iter();
    let mut word = || args.next()?.into_string().ok();
    let (stage, level, profile) = (word()?, word()?, word()?);
    let profile = Profile::named(&profile).ok()?;
    let base = PathBuf::from(args.next()?);
    let level = Confinement::from_word(&level)?;
    Some(Order { stage, level, profile, place: Place::of(&base, profile) })
}

/// Leaves the console's session and descriptors, enters new namespaces, starts the first process inside.
fn outer(order: &Order) -> io::Result<()> {
    door::close_from(3)?;
    rustix::process::setsid()?;
    rustix::process::umask(Mode::from_raw_mode(0o022));
    let (uid, gid) = (getuid().as_raw(), getgid().as_raw());
    let own = UnshareFlags::NEWNS
        | UnshareFlags::NEWPID
        | UnshareFlags::NEWUTS
        | UnshareFlags::NEWIPC
        | UnshareFlags::NEWCGROUP;
    match order.level {
        Confinement::Namespaces => door::unshare(own).map_err(refused)?,
        Confinement::UserNamespace => {
            door::unshare(own | UnshareFlags::NEWUSER).map_err(refused)?;
            write("/proc/self/setgroups", "deny")?;
            write("/proc/self/uid_map", format!("0 {uid} 1"))?;
            write("/proc/self/gid_map", format!("0 {gid} 1"))?;
        }
        Confinement::PlainDirectory => {}
    }
    let inner = Command::new("/proc/self/exe")
        .arg0("shelter")
        .args(["lab-serve", "inner", order.level.word(), order.profile.name()])
        .arg(order.place.base())
        .stdin(Stdio::null())
        .spawn()?;
    writeln!(io::stdout(), "pid {}", inner.id())
}

fn refused(cause: io::Error) -> io::Error {
    io::Error::new(cause.kind(), format!("this machine does not let this user make them ({cause})"))
}

/// The first process inside: builds the fork, moves in, gives up its rights and serves.
fn inner(order: &Order) -> io::Result<()> {
    let place = &order.place;
    let welcome = sshd::Welcome {
        host_key: keys::load(&place.host_key()).map_err(io::Error::other)?,
        client: keys::load(&place.client_key()).map_err(io::Error::other)?.public_key().clone(),
        accounts: account::Accounts::of(order.level, place),
    };
    let listener = listen(place)?;
    let sensors = match order.level {
        Confinement::PlainDirectory => {
            plain::furnish(place, order.profile)?;
            harden::plainly()?;
            sensors::none()
        }
        level => {
            let entered = fork::enter(place, order.profile, level)?;
            harden::fully()?;
            if !entered.lasting {
                writeln!(io::stdout(), "fleeting")?;
            }
            entered.sensors
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = sshd::Server::new(listener, welcome)?;
        say_ready()?;
        server.serve(sensors).await
    })
}

fn listen(place: &Place) -> io::Result<UnixListener> {
    match std::fs::remove_file(place.socket()) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    rustix::process::umask(Mode::from_raw_mode(0o177));
    let listener = UnixListener::bind(place.socket())?;
    rustix::process::umask(Mode::from_raw_mode(0o022));
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Tells the console, then lets go of its pipe.
fn say_ready() -> io::Result<()> {
    writeln!(io::stdout(), "ready")?;
    io::stdout().flush()?;
    rustix::stdio::dup2_stdout(rustix::stdio::stdin())?;
    Ok(())
}
