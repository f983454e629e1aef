//! A bare SSH client of a practice host, so that these tests stand on nothing but the host itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use russh::client::{self, Handle, Msg};
use russh::keys::{PrivateKeyWithHashAlg, load_secret_key};
use russh::{Channel, ChannelMsg};
use shelter::fleet::{Endpoint, Host, SshTarget, Via};
use shelter::lab::{Confinement, Lab, Profile, Status};
use tempfile::TempDir;

/// A lab of its own, which ends with the test.
pub struct TestLab {
    pub lab: Lab,
    dir: TempDir,
}

/// What a command left behind.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub stdout: String,
    pub stderr: String,
    pub status: Option<u32>,
    pub signal: Option<String>,
}

/// A connection.
pub struct Visitor {
    handle: Handle<KnownHost>,
}

/// Trusts exactly the key the lab wrote down.
struct KnownHost(String);

impl client::Handler for KnownHost {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        key: &russh::keys::PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        let russh::keys::PublicKeyOrCertificate::PublicKey { key, .. } = key else {
            return Ok(false);
        };
        let shown = key.to_openssh().unwrap();
        let body: Vec<&str> = shown.split(' ').take(2).collect();
        Ok(self.0.contains(&body.join(" ")))
    }
}

impl TestLab {
    pub fn new() -> Self {
        Self::no_better_than(Confinement::Namespaces)
    }

    pub fn no_better_than(best: Confinement) -> Self {
        let dir = tempfile::Builder::new().prefix("lab").tempdir().unwrap();
        let program = env!("CARGO_BIN_EXE_shelter").as_ref();
        let lab = Lab::with_program(&dir.path().join("lab"), program).no_better_than(best);
        Self { lab, dir }
    }

    pub async fn visit(&self, profile: Profile) -> Visitor {
        Visitor::enter(&self.lab.up(profile).unwrap().host, None).await.unwrap()
    }

    /// Where a host keeps its files.
    pub fn dir(&self, profile: Profile) -> PathBuf {
        self.dir.path().join("lab").join(profile.name())
    }

    /// A directory on the machine below that no practice host shows.
    pub fn outside(&self) -> &Path {
        self.dir.path()
    }

    pub fn pid(&self, profile: Profile) -> i32 {
        self.status(profile).pid.unwrap()
    }

    pub fn confinement(&self, profile: Profile) -> Confinement {
        self.status(profile).confinement.unwrap()
    }

    fn status(&self, profile: Profile) -> Status {
        self.lab.status().into_iter().find(|status| status.name == profile.name()).unwrap()
    }
}

impl Drop for TestLab {
    fn drop(&mut self) {
        self.lab.reset().unwrap();
    }
}

pub fn target(host: &Host) -> &SshTarget {
    match &host.via {
        Via::Ssh(target) => target,
        other => panic!("a practice host is reached over ssh, not {other:?}"),
    }
}

impl Visitor {
    /// Logs in as the lab says, or as another user.
    #[expect(clippy::disallowed_methods, reason = "a client that stands on nothing but the host")]
    pub async fn enter(host: &Host, user: Option<&str>) -> Option<Self> {
        let target = target(host);
        let Endpoint::Socket(path) = &target.endpoint else { panic!("not a socket") };
        let known = std::fs::read_to_string(&target.known_hosts[0]).unwrap();
        let stream = tokio::net::UnixStream::connect(path).await.unwrap();
        let config = Arc::new(client::Config::default());
        let mut handle = client::connect_stream(config, stream, KnownHost(known)).await.unwrap();
        let key = load_secret_key(&target.keys[0], None).unwrap();
        let key = PrivateKeyWithHashAlg::new(Arc::new(key), None);
        let user = user.unwrap_or(&target.user);
        let welcome = handle.authenticate_publickey(user, key).await.unwrap();
        welcome.success().then_some(Self { handle })
    }

    pub async fn open(&self) -> Channel<Msg> {
        self.handle.channel_open_session().await.unwrap()
    }

    /// Runs a command with this input.
    pub async fn run_with(&self, command: &str, input: &[u8]) -> Outcome {
        let channel = self.open().await;
        channel.exec(true, command).await.unwrap();
        let (mut read, write) = channel.split();
        let ((), outcome) = tokio::join!(
            async {
                let _ = write.data(input).await;
                let _ = write.eof().await;
            },
            collect(&mut read)
        );
        outcome
    }

    /// Runs a command without input.
    pub async fn run(&self, command: &str) -> Outcome {
        self.run_with(command, b"").await
    }

    /// What a command that must succeed prints, without the last line break.
    pub async fn ask(&self, command: &str) -> String {
        let outcome = self.run(command).await;
        assert_eq!(outcome.status, Some(0), "{command}: {outcome:?}");
        outcome.stdout.trim_end().to_owned()
    }
}

pub async fn collect(read: &mut russh::ChannelReadHalf) -> Outcome {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut outcome = Outcome::default();
    while let Some(message) = read.wait().await {
        match message {
            ChannelMsg::Data { data } => stdout.extend_from_slice(&data),
            ChannelMsg::ExtendedData { data, .. } => stderr.extend_from_slice(&data),
            ChannelMsg::ExitStatus { exit_status } => outcome.status = Some(exit_status),
            ChannelMsg::ExitSignal { signal_name, .. } => {
                outcome.signal = Some(format!("{signal_name:?}"));
            }
            _ => {}
        }
    }
    outcome.stdout = String::from_utf8_lossy(&stdout).into_owned();
    outcome.stderr = String::from_utf8_lossy(&stderr).into_owned();
    outcome
}
