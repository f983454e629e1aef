//! A host that was typed in, written into the inventory. What stands there stays as it is, letter by letter.

mod inserted;

use std::fs;
use std::path::Path;

use crate::cli::compose::{inventory_in, inventory_of};
use crate::cli::exit::Trouble;
use crate::cli::files::read_bounded;
use crate::fleet::{Host, HostName};
use crate::records::{Created, Home, create_new, write_atomic};
use crate::text::{Report, Source};
use crate::ui::effect::NewHost;

/// Writes a host into the inventory, which may not be there yet.
pub fn add(home: &Home, host: &NewHost) -> Result<HostName, Trouble> {
    let name = HostName::new(host.name.trim())
        .map_err(|error| Report::error(format!("`{}` cannot name a host: {error}", host.name)))?;
    let path = home.inventory();
    let Ok(bytes) = read_bounded(&path) else {
        return match create_new(&path, alone(&name, host).as_bytes())? {
            Created::New => Ok(name),
            Created::ThereAlready => Err(unreadable(&path).into()),
        };
    };
    let known = inventory_of(home)?;
    if known.inventory.host(name.as_str()).is_some() {
        return Err(Report::error(format!("there is a host `{name}` already")).into());
    }
    let by_hand = || {
        let report = Report::error(format!("`{}` is written in a way of its own", path.display()));
        report.help("put the host in below `hosts:` by hand")
    };
    let source = Source::from_bytes(path.display().to_string(), &bytes).map_err(|r| *r)?;
    let text = inserted::inserted(source.text(), |indent| entry(&name, host, indent));
    let text = text.filter(|text| only_adds(&source, text, &name)).ok_or_else(by_hand)?;
    // A file that is kept elsewhere and linked to stays there.
    let place = fs::canonicalize(&path).unwrap_or(path);
    write_atomic(&place, text.as_bytes())?;
    Ok(name)
}

/// There is an inventory, and nobody knows what it says.
fn unreadable(path: &Path) -> Report {
    let report = Report::error(format!("`{}` is there, and cannot be read", path.display()));
    report.help("see whose it is, and how large; nothing was written")
}

/// Whether a text is the inventory that was and one host more.
fn only_adds(before: &Source, after: &str, name: &HostName) -> bool {
    let hosts = |source: &Source| -> Option<Vec<Host>> {
        inventory_in(source).ok().map(|config| config.inventory.hosts)
    };
    let (Some(mut before), Some(after)) = (hosts(before), hosts(&Source::new("after", after)))
    else {
        return false;
    };
    let added = after.iter().find(|host| host.name == *name);
    before.extend(added.cloned());
    before == after
}

/// An inventory of one host.
fn alone(name: &HostName, host: &NewHost) -> String {
    let entry = entry(name, host, 2);
    format!(
        "# The machines of this home. `shelter init` in another directory shows all there is to say.\n\nhosts:\n{entry}"
    )
}

/// A host as it stands in an inventory. What was typed is quoted as JSON, which is YAML as well.
fn entry(name: &HostName, host: &NewHost, indent: usize) -> String {
    let (address, port) = match host.address.trim().rsplit_once(':') {
        Some((address, port)) if !address.contains(':') && port.parse::<u16>().is_ok() => {
            (address.to_owned(), Some(port.to_owned()))
        }
        _ => (host.address.trim().to_owned(), None),
    };
    let pad = " ".repeat(indent);
    let mut said = Vec::new();
    for (key, value) in [("address", address.as_str()), ("user", host.user.trim())] {
        if !value.is_empty() {
            said.push(format!("{pad}  {key}: {}\n", serde_json::json!(value)));
        }
    }
    said.extend(port.map(|port| format!("{pad}  port: {port}\n")));
    if said.is_empty() {
        said.push(format!("{pad}  address: {name}\n"));
    }
    format!("{pad}{name}:\n{}", said.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Style;

    fn typed(name: &str, address: &str, user: &str) -> NewHost {
        NewHost { name: name.into(), address: address.into(), user: user.into() }
    }

    #[test]
    fn a_host_says_what_was_typed_and_no_more() {
        let told = |name: &str, address, user| {
            entry(&HostName::new(name).unwrap(), &typed(name, address, user), 2)
        };
        assert_eq!(
            told("alder", "10.0.0.7:2222", "ops"),
            "  alder:\n    address: \"10.0.0.7\"\n    user: \"ops\"\n    port: 2222\n"
        );
        assert_eq!(told("alder", "fe80::1", ""), "  alder:\n    address: \"fe80::1\"\n");
        assert_eq!(told("alder", "a: b", ""), "  alder:\n    address: \"a: b\"\n");
    }

    /// What becomes of an inventory when `fir` is typed in; `None`: it is left alone.
    fn with_fir(before: &str) -> Option<String> {
        let name = HostName::new("fir").unwrap();
        let host = typed("fir", "10.0.0.9", "");
        let after = inserted::inserted(before, |indent| entry(&name, &host, indent))?;
        only_adds(&Source::new("before", before), &after, &name).then_some(after)
    }

    #[test]
    fn an_inventory_that_cannot_be_read_is_not_said_to_hold_the_host() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path());
        // A link to nowhere cannot be read, and is there all the same.
        std::os::unix::fs::symlink("nowhere", home.inventory()).unwrap();
        let told = add(&home, &typed("fir", "10.0.0.9", "")).unwrap_err();
        let Trouble::Told(reports) = told else { panic!("it is told") };
        assert!(reports.render(Style::Plain).contains("cannot be read"));
    }

    #[test]
    fn what_stands_in_an_inventory_stays_letter_by_letter() {
        let fir = "  fir:\n    address: \"10.0.0.9\"\n";
        let hosts = "# mine\nhosts:\n  alder:\n    address: 10.0.0.7   # the old one\n";
        let rest = "\n# how it looks\nconsole:\n  mouse: false\n";
        assert_eq!(with_fir(hosts), Some(format!("{hosts}{fir}")));
        assert_eq!(with_fir(&format!("{hosts}{rest}")), Some(format!("{hosts}{fir}{rest}")));
        let unended = hosts.trim_end();
        assert_eq!(with_fir(unended), Some(format!("{unended}\n{fir}")));
        let deep = "hosts:\n      alder: {address: a}\n";
        let deeper = "      fir:\n        address: \"10.0.0.9\"\n";
        assert_eq!(with_fir(deep), Some(format!("{deep}{deeper}")));
        assert_eq!(with_fir("console:\n  mouse: true\nhosts:\n"), None, "an inventory of nobody");
        assert_eq!(with_fir("hosts: {alder: {address: 10.0.0.7}}\n"), None);
    }
}
