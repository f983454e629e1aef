//! A host that was typed in, written into the inventory. What stands there is left as it is.

use crate::cli::compose::read_bounded;
use crate::cli::exit::Trouble;
use crate::fleet::HostName;
use crate::records::{Home, create_new};
use crate::text::Report;
use crate::ui::effect::NewHost;

/// Writes an inventory with this host alone. Where there is one already, it is edited by hand.
pub fn add(home: &Home, host: &NewHost) -> Result<HostName, Trouble> {
    let name = HostName::new(host.name.trim())
        .map_err(|error| Report::error(format!("`{}` cannot name a host: {error}", host.name)))?;
    let path = home.inventory();
    if read_bounded(&path).is_ok() {
        let report = Report::error(format!("there is a `{}` already", path.display()));
        return Err(report.help("put the host in below `hosts:`").into());
    }
    let text = text(&name, host);
    create_new(&path, text.as_bytes())?;
    Ok(name)
}

/// An inventory of one host. What was typed is quoted as JSON, which is YAML as well.
fn text(name: &HostName, host: &NewHost) -> String {
    let mut text = format!(
        "# The machines of this home. `shelter init` in another directory shows all there is to say.\n\nhosts:\n  {name}:\n"
    );
    let (address, port) = match host.address.trim().rsplit_once(':') {
        Some((address, port)) if !address.contains(':') && port.parse::<u16>().is_ok() => {
            (address.to_owned(), Some(port.to_owned()))
        }
        _ => (host.address.trim().to_owned(), None),
    };
    let mut said = Vec::new();
    for (key, value) in [("address", address.as_str()), ("user", host.user.trim())] {
        if !value.is_empty() {
            said.push(format!("    {key}: {}\n", serde_json::json!(value)));
        }
    }
    said.extend(port.map(|port| format!("    port: {port}\n")));
    if said.is_empty() {
        said.push(format!("    address: {name}\n"));
    }
    text.push_str(&said.concat());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inventory_of_one_host_says_what_was_typed_and_no_more() {
        let typed = |name: &str, address: &str, user: &str| {
            let host = NewHost { name: name.into(), address: address.into(), user: user.into() };
            let text = text(&HostName::new(name).unwrap(), &host);
            text.split_once("hosts:\n").unwrap().1.to_owned()
        };
        assert_eq!(
            typed("alder", "10.0.0.7:2222", "ops"),
            "  alder:\n    address: \"10.0.0.7\"\n    user: \"ops\"\n    port: 2222\n"
        );
        assert_eq!(typed("alder", "fe80::1", ""), "  alder:\n    address: \"fe80::1\"\n");
        assert_eq!(typed("alder", "a: b", ""), "  alder:\n    address: \"a: b\"\n");
    }
}
