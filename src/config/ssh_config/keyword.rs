//! What becomes of each keyword of an ssh configuration: heeded, knowingly ignored, or refused by name.

/// What becomes of a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It does what it does for ssh.
    Heeded,
    /// Without it things are as safe and lead to the same host.
    Ignored,
    /// Without it we would reach another host, or as someone else, or less safely. With the way round.
    Refused(&'static str),
    /// No keyword of ssh.
    Unknown,
}

/// Keywords that do what they do for ssh.
const HEEDED: &[&str] = &[
    "host",
    "hostkeyalias",
    "hostname",
    "identitiesonly",
    "identityfile",
    "ignoreunknown",
    "include",
    "match",
    "port",
    "proxyjump",
    "user",
    "userknownhostsfile",
];

const BY_SHELL: &str = "let ssh itself connect, in shelter.yaml: `via: {shell: ssh NAME sh}`";
const BY_AGENT: &str = "give the key to the agent (`ssh-add`), and take the line out for this host";
const BY_ADDRESS: &str = "write the `address` in shelter.yaml, and take the line out for this host";

/// Keywords that cannot be passed over, each with the way round it.
const REFUSED: &[(&str, &str)] = &[
    ("bindaddress", BY_SHELL),
    ("bindinterface", BY_SHELL),
    ("canonicaldomains", BY_ADDRESS),
    ("canonicalizehostname", BY_ADDRESS),
    ("certificatefile", BY_SHELL),
    ("identityagent", "set `SSH_AUTH_SOCK` to that socket, and take the line out for this host"),
    (
        "knownhostscommand",
        "put the keys into a known hosts file, and name it by UserKnownHostsFile",
    ),
    ("pkcs11provider", BY_AGENT),
    ("proxycommand", BY_SHELL),
    ("proxyusefdpass", BY_SHELL),
    ("refuseconnection", "take the line out for this host, or the host out of shelter.yaml"),
    ("remotecommand", "take the line out for this host: nothing else could be run there"),
    ("revokedhostkeys", "write the keys into known_hosts, marked `@revoked`"),
    ("securitykeyprovider", BY_AGENT),
    ("sessiontype", "take the line out for this host: nothing could be run there"),
];

/// Keywords that change nothing for us: comfort of a person at a terminal, forwardings we never ask
/// for, checks and algorithms where ours are as strict or stricter, and what ssh itself dropped.
const IGNORED: &[&str] = &[
    "addkeystoagent",
    "addressfamily",
    "batchmode",
    "canonicalizefallbacklocal",
    "canonicalizemaxdots",
    "canonicalizepermittedcnames",
    "casignaturealgorithms",
    "challengeresponseauthentication",
    "channeltimeout",
    "checkhostip",
    "cipher",
    "ciphers",
    "clearallforwardings",
    "compression",
    "compressionlevel",
    "connectionattempts",
    "connecttimeout",
    "controlmaster",
    "controlpath",
    "controlpersist",
    "dsaauthentication",
    "dynamicforward",
    "enableescapecommandline",
    "enablesshkeysign",
    "escapechar",
    "exitonforwardfailure",
    "fallbacktorsh",
    "fingerprinthash",
    "forkafterauthentication",
    "forwardagent",
    "forwardx11",
    "forwardx11timeout",
    "forwardx11trusted",
    "gatewayports",
    "globalknownhostsfile",
    "gssapiauthentication",
    "gssapidelegatecredentials",
    "gssapikexalgorithms",
    "gssapikeyexchange",
    "hashknownhosts",
    "hostbasedacceptedalgorithms",
    "hostbasedauthentication",
    "hostbasedkeytypes",
    "hostkeyalgorithms",
    "ipqos",
    "kbdinteractiveauthentication",
    "kbdinteractivedevices",
    "keepalive",
    "kexalgorithms",
    "localcommand",
    "localforward",
    "loglevel",
    "logverbose",
    "macs",
    "nohostauthenticationforlocalhost",
    "numberofpasswordprompts",
    "obscurekeystroketiming",
    "passwordauthentication",
    "permitlocalcommand",
    "permitremoteopen",
    "preferredauthentications",
    "protocol",
    "pubkeyacceptedalgorithms",
    "pubkeyacceptedkeytypes",
    "pubkeyauthentication",
    "rekeylimit",
    "remoteforward",
    "requesttty",
    "requiredrsasize",
    "rhostsrsaauthentication",
    "rsaauthentication",
    "sendenv",
    "serveralivecountmax",
    "serveraliveinterval",
    "setenv",
    "smartcarddevice",
    "stdinnull",
    "streamlocalbindmask",
    "streamlocalbindunlink",
    "stricthostkeychecking",
    "syslogfacility",
    "tag",
    "tcpkeepalive",
    "tunnel",
    "tunneldevice",
    "updatehostkeys",
    "usekeychain",
    "useprivilegedport",
    "useroaming",
    "usersh",
    "verifyhostkeydns",
    "versionaddendum",
    "visualhostkey",
    "warnweakcrypto",
    "xauthlocation",
];

/// Values with which a refused keyword says no more than its absence.
const EMPTY: &[(&str, &[&str])] = &[
    ("canonicalizehostname", &["no"]),
    ("certificatefile", &["none"]),
    ("identityagent", &["ssh_auth_sock"]),
    ("knownhostscommand", &["none"]),
    ("pkcs11provider", &["none"]),
    ("proxycommand", &["none"]),
    ("proxyusefdpass", &["no"]),
    ("remotecommand", &["none"]),
    ("revokedhostkeys", &["none"]),
    ("securitykeyprovider", &["internal", "$ssh_sk_provider"]),
    ("sessiontype", &["default"]),
];

/// What becomes of a keyword, given in lower case.
pub(super) fn fate(keyword: &str) -> Fate {
    if HEEDED.contains(&keyword) {
        Fate::Heeded
    } else if let Some((_, way)) = REFUSED.iter().find(|(name, _)| *name == keyword) {
        Fate::Refused(way)
    } else if IGNORED.contains(&keyword) {
        Fate::Ignored
    } else {
        Fate::Unknown
    }
}

/// Whether a refused keyword with that value says no more than its absence.
pub(super) fn says_nothing(keyword: &str, value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    EMPTY.iter().any(|(name, values)| *name == keyword && values.contains(&value.as_str()))
}

/// Every keyword there is.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    let refused = REFUSED.iter().map(|(name, _)| *name);
    HEEDED.iter().copied().chain(refused).chain(IGNORED.iter().copied())
}

/// Whether the rest of the line is one argument, quotes and all.
pub(super) fn takes_the_line(keyword: &str) -> bool {
    matches!(keyword, "proxycommand" | "localcommand" | "remotecommand" | "knownhostscommand")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_has_one_fate() {
        let mut names: Vec<&str> = all().collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        let refused = |name: &str| matches!(fate(name), Fate::Refused(_));
        assert!(EMPTY.iter().all(|(name, _)| refused(name)));
    }

    #[test]
    fn what_is_heeded_and_what_is_refused_is_documented() {
        let manual = include_str!("../../../docs/inventory.md").to_lowercase();
        for name in all().filter(|name| fate(name) != Fate::Ignored) {
            assert!(manual.contains(&format!("`{name}`")), "{name}");
        }
    }
}
