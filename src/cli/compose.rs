//! Puts the rooms together: home, inventory, connections, diagnostics. Touches no host.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use tracing_appender::non_blocking::WorkerGuard;

use crate::bench::Catalogue;
use crate::config::{self, Config, ConsoleSettings, Local, Pattern, SshConfig};
use crate::fleet::{Host, Inventory, SecretFrom};
use crate::ops::{Station, Ways, Work};
use crate::reach::{Asker, Reach, ReachSettings, Secret};
use crate::records::{CachedFacts, FactsCache, Home, RecordsError, make_dir};
use crate::text::{Report, Reports, Source, Spanned};

use super::args::Global;
use super::exit::Trouble;
use super::files::{Disk, read_bounded, unreadable};
use super::paint::{Paint, errors};
use super::prompt::{self, Floor};
use super::spelling::Spelling;
use super::surroundings::{find_home, reach_settings, uid, user_home, user_name};
use super::{diagnostics, lab};

/// Hosts worked on at a time: more than most fleets have, and bounded all the same.
const FORKS: usize = 100;

/// Everything a command works with.
pub struct Console {
    base: Home,
    home: Home,
    inventory: Inventory,
    secrets: BTreeMap<String, Spanned<SecretFrom>>,
    verbose: u8,
    timeout: Option<Duration>,
    floor: Floor,
    settings: ConsoleSettings,
    sudo: Option<Secret>,
    spelling: Spelling,
    _diagnostics: Option<WorkerGuard>,
}

impl Console {
    /// Reads the home and its inventory. All static errors come out here, before any connection.
    pub fn open(global: &Global) -> Result<Self, Trouble> {
        let (console, warnings) = Self::open_silently(global, false)?;
        warn(&warnings);
        Ok(console)
    }

    /// The same for whoever must not write to the terminal: what is worth knowing is handed back. `looks_only`: makes
    /// nothing that is not there.
    pub fn open_silently(global: &Global, looks_only: bool) -> Result<(Self, Reports), Trouble> {
        let mut warnings = Reports::new();
        let base = find_home(global)?;
        match looks_only && base.root().exists() {
            true => base.check_owner(uid())?,
            false => base.make(uid())?,
        }
        let diagnostics = (!looks_only || base.logs().exists())
            .then(|| begin_diagnostics(&base, global.verbose, &mut warnings))
            .flatten();
        // What practice hosts did is never to be taken for what real hosts of the same name did.
        let home = if global.lab { base.practice() } else { base.clone() };
        let (inventory, secrets, settings) = if global.lab {
            // Practice needs no inventory of one's own; where there is one, its keys are the hands' own.
            let settings = inventory_of(&base).map(|read| read.console).unwrap_or_default();
            let (inventory, remarks) = lab::inventory(&base)?;
            warnings.append(remarks);
            (inventory, BTreeMap::new(), settings)
        } else {
            let read = inventory_of(&base)?;
            warnings.append(read.warnings);
            (read.inventory, read.secrets, read.console)
        };
        let console = Self {
            base,
            home,
            inventory,
            secrets,
            verbose: global.verbose,
            timeout: global.timeout,
            floor: Floor::default(),
            settings,
            sudo: None,
            spelling: Spelling::of(global),
            _diagnostics: diagnostics,
        };
        Ok((console, warnings))
    }

    /// The hosts a pattern chooses, in the order of the inventory.
    pub fn select(&self, pattern: &str) -> Result<Vec<Host>, Trouble> {
        if self.inventory.hosts.is_empty() {
            let place = self.base.inventory();
            let report = Report::error(format!("there is no host in `{}`", place.display()));
            return Err(report.help("put your machines in below `hosts:`").into());
        }
        let names = Pattern::from_argument("PATTERN", pattern)?.select(&self.inventory)?;
        let chosen = |host: &&Host| names.contains(&host.name);
        Ok(self.inventory.hosts.iter().filter(chosen).cloned().collect())
    }

    /// The models that are known here: the built-in ones, and those of the home's `models.yaml`.
    pub fn catalogue(&self) -> Result<Catalogue, Trouble> {
        catalogue_of(&self.base)
    }

    /// What was last gathered about a host.
    pub fn remembered(&self, host: &Host) -> Result<Option<CachedFacts>, Trouble> {
        Ok(FactsCache::of(&self.home).load(&host.name)?)
    }

    /// The way to hosts. Questions are put to the terminal, if there is one. Needs a runtime.
    pub fn ways(&self) -> Result<Ways, Trouble> {
        self.ways_asking(prompt::asker(&self.floor))
    }

    /// The way to hosts, with questions put to somebody else.
    pub fn ways_asking(&self, asker: Asker) -> Result<Ways, Trouble> {
        let mut settings = ReachSettings { asker: asker.clone(), ..reach_settings()? };
        settings.patience.connect = self.timeout.unwrap_or(settings.patience.connect);
        Ok(Ways { reach: Reach::new(settings), asker, sudo: self.sudo.clone() })
    }

    /// The same ways to hosts once more, for another station.
    pub fn ways_over(&self, reach: Reach, asker: Asker) -> Ways {
        Ways { reach, asker, sudo: self.sudo.clone() }
    }

    /// A station for the inventory. Needs a runtime.
    pub fn station(&self, forks: Option<u16>) -> Result<Station, Trouble> {
        Ok(self.station_by(self.ways()?, forks))
    }

    /// A station that reaches hosts in these ways.
    pub fn station_by(&self, ways: Ways, forks: Option<u16>) -> Station {
        let forks = forks.map_or(FORKS, usize::from);
        Station::open(self.inventory.clone(), ways, &self.home, forks)
    }

    /// Waits until no question stands on the screen, so that an answer is typed where it was asked.
    pub async fn floor_free(&self) {
        self.floor.free().await;
    }

    /// Whether a question stands on the screen.
    pub fn is_floor_free(&self) -> bool {
        self.floor.is_free()
    }

    /// The sudo password, for the hosts that will ask.
    pub fn give_sudo(&mut self, password: Secret) {
        self.sudo = Some(password);
    }

    /// Where a secret comes from, as far as the inventory says.
    pub fn secret_from(&self, name: &str) -> Option<&Spanned<SecretFrom>> {
        self.secrets.get(name)
    }

    /// What is set about the console.
    pub fn settings(&self) -> &ConsoleSettings {
        &self.settings
    }

    /// All hosts.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// The home that was chosen: inventory, playbooks, models.
    pub fn base(&self) -> &Home {
        &self.base
    }

    /// The home whose records are kept: the chosen one, or with `--lab` one inside it.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Whether the hosts are practice hosts.
    pub fn is_practice(&self) -> bool {
        self.home != self.base
    }

    /// How commands are spelled that are offered here.
    pub fn spelling(&self) -> &Spelling {
        &self.spelling
    }

    /// How much is to be told.
    pub fn verbose(&self) -> u8 {
        self.verbose
    }

    /// The names of the variables that hosts and groups set.
    pub fn var_names(&self) -> impl Iterator<Item = &str> {
        self.inventory.hosts.iter().flat_map(|host| host.vars.keys()).map(String::as_str)
    }
}

/// Diagnostics are no reason to refuse work: where they cannot be written, that is told, and that is all.
fn begin_diagnostics(home: &Home, verbose: u8, warnings: &mut Reports) -> Option<WorkerGuard> {
    let place = home.logs();
    let mut told = |report: Report| {
        warnings.push(report);
        None
    };
    if let Err(error) = make_dir(&place) {
        return told(Report::warning("there are no diagnostics").cause(error.to_string()));
    }
    match diagnostics::begin(&place, verbose) {
        Ok(guard) => Some(guard),
        Err(error) => {
            let text = format!("there are no diagnostics in `{}`", place.display());
            told(Report::warning(text).caused_by(&error))
        }
    }
}

/// Ends work that only looks. A cache that cannot be written is no reason not to show what was seen.
pub async fn close(work: Work) -> Result<(), Trouble> {
    let unkept = work.unkept();
    work.close().await?;
    unkept.take().iter().for_each(warn_unkept);
    Ok(())
}

/// Says that something is not remembered.
pub fn warn_unkept(error: &RecordsError) {
    let report = Report::warning("what was seen is not remembered").caused_by(error);
    let mut warnings = Reports::new();
    warnings.push(match error.hint() {
        Some(hint) => report.help(hint),
        None => report,
    });
    warn(&warnings);
}

/// The inventory of the home, and what is worth knowing about it.
pub fn inventory_of(home: &Home) -> Result<Config, Trouble> {
    let path = home.inventory();
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        let report = Report::error(format!("`{}` is not a file", path.display()));
        return Err(report.help("put a file of that name in its place").into());
    }
    let bytes = read_bounded(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Report::error(format!("there is no `{}`", path.display()))
            .help("`shelter init` writes one to begin with; `--lab` works without"),
        _ => unreadable(&path, &error),
    })?;
    inventory_in(&Source::from_bytes(path.display().to_string(), &bytes).map_err(|r| *r)?)
}

/// The inventory that a text is, for this user.
pub fn inventory_in(source: &Source) -> Result<Config, Trouble> {
    let local = Local { home: user_home()?, user: user_name() };
    let ssh = SshConfig::read(local, None, &Disk)?;
    Ok(config::inventory(source, &ssh)?)
}

/// The models a home knows: the built-in ones, and those of its own `models.yaml`.
pub fn catalogue_of(home: &Home) -> Result<Catalogue, Trouble> {
    let path = home.models();
    match read_bounded(&path) {
        Ok(bytes) => {
            let source = Source::from_bytes(path.display().to_string(), &bytes).map_err(|r| *r)?;
            Ok(Catalogue::built_in().with(&source)?)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Catalogue::built_in()),
        Err(error) => Err(unreadable(&path, &error).into()),
    }
}

/// Tells findings that stop nothing.
pub fn warn(reports: &Reports) {
    errors(&reports.render(Paint::of_stderr().style()));
}
