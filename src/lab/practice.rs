//! The lab as its callers see it: practice hosts that come up when asked for. Starts processes, runs no commands in them.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::fleet::{
    Endpoint, GroupName, Host, HostName, Inventory, Sensors, SshTarget, SudoPolicy, Vars, Via,
};

use super::error::At;
use super::place::Place;
use super::running::Running;
use super::{Confinement, Fate, Ground, LabError, Profile, Remark, account, below, keys, start};

/// How long a server may take to greet; it takes about a millisecond.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often that long one is waited for on which something runs: the machine may be hard at work.
const TRIES: u32 = 10;

/// The practice hosts of one directory.
#[derive(Clone, Debug)]
pub struct Lab {
    base: PathBuf,
    program: PathBuf,
    best: Confinement,
}

/// A practice host that is up.
#[derive(Debug)]
pub struct Raised {
    /// How to reach it.
    pub host: Host,
    /// What became of it, where the ground below it had changed.
    pub remark: Option<Remark>,
}

/// What is known of one practice host.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Status {
    /// Its name.
    pub name: &'static str,
    /// The machine it stands in for.
    pub machine: &'static str,
    /// How far it is shut off, while it runs.
    pub confinement: Option<Confinement>,
    /// Whether what is changed inside survives a stop, while it runs.
    pub lasting: Option<bool>,
    /// Why the better levels could not be had.
    pub declined: Vec<String>,
    /// The serving process, while it runs.
    pub pid: Option<i32>,
    /// Where its files are.
    pub dir: PathBuf,
}

impl Lab {
    /// The lab that keeps its things in `base`. Nothing is made or started yet.
    ///
    /// The serving processes are this very program, called with `lab-serve` as its first argument.
    pub fn at(base: &Path) -> Self {
        Self::with_program(base, Path::new("/proc/self/exe"))
    }

    /// The same, served by another program that hands `lab-serve` to [`serve_main`](super::serve_main).
    pub fn with_program(base: &Path, program: &Path) -> Self {
        let base = std::path::absolute(base).unwrap_or_else(|_| base.to_owned());
        let program = fs::canonicalize(program).unwrap_or_else(|_| program.to_owned());
        Self { base, program, best: Confinement::Namespaces }
    }

    /// The same, but never better shut off than this: to try what other machines would have.
    pub fn no_better_than(self, best: Confinement) -> Self {
        Self { best, ..self }
    }

    /// Starts a practice host unless it runs, and says how to reach it.
    ///
    /// One that leans on another machine or program than there is now is made anew, but never while something runs on it.
    pub fn up(&self, profile: Profile) -> Result<Raised, LabError> {
        let place = Place::of(&self.base, profile);
        place.prepare()?;
        let _lock = locked(&place)?;
        let (below, program) = (below::digest(), below::program(&self.program));
        let known = Running::read(&place);
        let ground = known.as_ref().and_then(|running| running.stands_on_other(&below, &program));
        let told = |fate| ground.map(|ground| Remark { host: profile.name(), ground, fate });
        if let Some(running) = known.as_ref().filter(|running| running.is_alive()) {
            if stays(running, ground, &place, profile)? {
                let fate = if running.is_at_work() { Fate::AtWork } else { Fate::InMemory };
                return Ok(raised(&place, profile, running.confinement, told(fate)));
            }
            end(running, profile)?;
        }
        let moved = ground == Some(Ground::Machine);
        if moved {
            place.wipe_layers()?;
        }
        keys::prepare(&place, profile)?;
        let mut running = start::start(&self.program, &place, profile, self.best)?;
        (running.below, running.program) = (below, program);
        running.write(&place)?;
        let lost = moved && running.confinement.has_root();
        let remark = told(Fate::Renewed).filter(|_| lost);
        Ok(raised(&place, profile, running.confinement, remark))
    }

    /// Starts every practice host, all at once, as an inventory, and tells what became of them.
    pub fn inventory(&self) -> Result<(Inventory, Vec<Remark>), LabError> {
        let raised: Result<Vec<Raised>, LabError> = thread::scope(|scope| {
            let starting = Profile::ALL.map(|profile| scope.spawn(move || self.up(profile)));
            starting.into_iter().map(join).collect()
        });
        let (hosts, remarks): (Vec<_>, Vec<_>) =
            raised?.into_iter().map(|raised| (raised.host, raised.remark)).unzip();
        let mut groups: Vec<_> = hosts.iter().flat_map(|h| h.groups.clone()).collect();
        groups.sort();
        groups.dedup();
        Ok((Inventory { hosts, groups }, remarks.into_iter().flatten().collect()))
    }

    /// Ends every practice host; their files stay.
    pub fn stop(&self) -> Result<(), LabError> {
        self.each(|_, _| Ok(()))
    }

    /// Ends every practice host and throws away all that was changed inside.
    pub fn reset(&self) -> Result<(), LabError> {
        self.each(|place, _| place.wipe())
    }

    /// What is known of every practice host. Starts nothing.
    pub fn status(&self) -> Vec<Status> {
        Profile::ALL.map(|profile| self.status_of(profile)).into()
    }

    fn status_of(&self, profile: Profile) -> Status {
        let place = Place::of(&self.base, profile);
        let running = Running::read(&place).filter(Running::is_alive);
        Status {
            name: profile.name(),
            machine: profile.machine(),
            confinement: running.as_ref().map(|r| r.confinement),
            lasting: running.as_ref().map(|r| r.lasting),
            pid: running.as_ref().map(|r| r.pid),
            declined: running.map(|r| r.declined).unwrap_or_default(),
            dir: place.dir().to_owned(),
        }
    }

    fn each(
        &self,
        after: impl Fn(&Place, Profile) -> Result<(), LabError>,
    ) -> Result<(), LabError> {
        for profile in Profile::ALL {
            let place = Place::of(&self.base, profile);
            if !place.dir().exists() {
                continue;
            }
            let _lock = locked(&place)?;
            if let Some(running) = Running::read(&place) {
                end(&running, profile)?;
            }
            after(&place, profile)?;
            for leftover in [place.socket(), place.running()] {
                match fs::remove_file(&leftover) {
                    Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                        return Err(cause).at("remove", leftover);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

fn join<T>(starting: thread::ScopedJoinHandle<'_, T>) -> T {
    starting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Whether a host that is up goes on, whatever has become of the ground below it.
fn stays(
    running: &Running,
    ground: Option<Ground>,
    place: &Place,
    profile: Profile,
) -> Result<bool, LabError> {
    let at_work = running.is_at_work();
    let tries = if at_work { TRIES } else { 1 };
    let answered = (0..tries).any(|_| answers(&place.socket()));
    let fits = match ground {
        None => true,
        Some(Ground::Program) => !running.lasting,
        Some(Ground::Machine) => false,
    };
    match (answered, at_work) {
        (false, true) => Err(LabError::Mute { profile: profile.name() }),
        (false, false) => Ok(false),
        (true, _) => Ok(at_work || fits),
    }
}

fn raised(
    place: &Place,
    profile: Profile,
    confinement: Confinement,
    remark: Option<Remark>,
) -> Raised {
    Raised { host: host(place, profile, confinement), remark }
}

/// Whether a server greets there. That something listens is not enough: a dying one does for a while.
fn answers(socket: &Path) -> bool {
    let greeting = || -> std::io::Result<bool> {
        let mut stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut begin = [0; 4];
        stream.read_exact(&mut begin)?;
        Ok(&begin == b"SSH-")
    };
    greeting().unwrap_or(false)
}

/// Held until the file is dropped, so that two consoles do not start the same host twice.
fn locked(place: &Place) -> Result<File, LabError> {
    let path = place.lock();
    let file = File::options().create(true).append(true).open(&path).at("open", &path)?;
    file.lock().at("lock", &path)?;
    Ok(file)
}

fn end(running: &Running, profile: Profile) -> Result<(), LabError> {
    if running.end() {
        return Ok(());
    }
    Err(LabError::Stuck { profile: profile.name(), pid: running.pid })
}

#[expect(clippy::expect_used, reason = "profiles and their groups have valid names")]
fn host(place: &Place, profile: Profile, confinement: Confinement) -> Host {
    let target = SshTarget {
        endpoint: Endpoint::Socket(place.socket()),
        user: account::login_name(confinement),
        keys: vec![place.client_key()],
        identities_only: true,
        jumps: vec![],
        known_hosts: vec![place.known_hosts()],
        host_key_alias: Some(profile.host_key_alias()),
    };
    let group = |name: &&str| GroupName::new(*name).expect("a group of ours");
    Host {
        name: HostName::new(profile.name()).expect("a name of ours"),
        via: Via::Ssh(Box::new(target)),
        sudo: if confinement.has_root() { SudoPolicy::Auto } else { SudoPolicy::Never },
        groups: profile.groups().iter().map(group).collect(),
        vars: Vars::new(),
        sensors: Sensors::Simulated,
    }
}
