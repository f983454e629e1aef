//! Why something did not work on a host, as the faces and the records tell it.

/// Why something did not work on a host, with the way on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Failure {
    /// What kind, for programs.
    pub kind: FailureKind,
    /// What happened, in one line without a full stop.
    pub text: String,
    /// What to do next, if something can be done.
    pub hint: Option<String>,
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The name does not resolve, the port is closed, nobody answers, the link broke.
    Network,
    /// The server is not who we know, or is unknown.
    HostKey,
    /// The server does not let us in.
    Auth,
    /// The server speaks otherwise than it should.
    Protocol,
    /// Something on our own side: a key file, a command, a setting.
    Local,
    /// The host answers but has no usable shell.
    Shell,
}
