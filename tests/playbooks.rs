//! Folders of playbooks: `errors/playbooks/` with what is said about each, `plans/` with what each becomes on one host.
//!
//! A case is `NAME.yaml` and `NAME.txt`. `SHELTER_BLESS=1` writes the texts anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use shelter::fleet::{Facts, Host, HostName, Inventory, Vars, Via};
use shelter::playbook::resolve::{Choice, Resolved, Setting, read, resolve};
use shelter::playbook::resource::{Files, Refusal, Stored};
use shelter::text::{Reports, Source};

/// Files beside a case, under `files/`.
pub struct Beside(pub PathBuf);

impl Files for Beside {
    fn read(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        fs::read(self.0.join(path))
            .map_err(|error| Refusal::new(format!("cannot read `{path}`: {error}")))
    }

    fn list(&self, path: &str) -> Result<Vec<Stored>, Refusal> {
        let names = fs::read_dir(self.0.join(path)).map_err(|e| Refusal::new(e.to_string()))?;
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        let mut names: Vec<String> = names.map(|entry| name(entry.unwrap())).collect();
        names.sort();
        Ok(names.into_iter().map(|path| Stored { path, executable: false }).collect())
    }
}

/// A Debian with everything, as the cases see it.
pub fn phantom() -> (Host, Facts) {
    let mut facts = Facts {
        home: Some("/home/ops".into()),
        user: Some("ops".into()),
        uid: Some(1000),
        ..Facts::default()
    };
    facts.os.id = Some("debian".into());
    facts.package_manager = Some("apt".into());
    facts.init = Some(shelter::fleet::Init::Systemd);
    facts.cpu.avx2 = Some(true);
    let host = Host {
        name: HostName::new("phantom").unwrap(),
        via: Via::Local,
        sudo: Default::default(),
        groups: Vec::new(),
        vars: Vars::from([("from_inventory".into(), shelter::fleet::Value::Text("x y".into()))]),
        sensors: Default::default(),
    };
    (host, facts)
}

/// What a playbook becomes on phantom.
pub fn on_phantom(
    name: &str,
    text: &str,
    files: &dyn Files,
) -> Result<(Resolved, Reports), Reports> {
    let (host, facts) = phantom();
    let (playbook, warnings) =
        read(&Source::new(name, text), host.vars.keys().map(String::as_str))?;
    let fleet = Inventory { hosts: vec![host.clone()], groups: Vec::new() };
    let setting = Setting {
        host: &host,
        facts: &facts,
        fleet: &fleet,
        extra: &Vars::new(),
        files,
        choice: &Choice::default(),
    };
    resolve(&playbook, &setting).map(|resolved| (resolved, warnings))
}

fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|e| e == "yaml")).collect();
    cases.sort();
    assert!(!cases.is_empty(), "a folder without cases tests nothing");
    cases
}

/// Compares what every case of a folder becomes with the text beside it.
#[expect(
    clippy::disallowed_methods,
    reason = "blessing writes files of this repository, no records"
)]
fn compare(folder: &str, say: impl Fn(&str, &str) -> String) {
    let mut wrong = String::new();
    for case in cases(folder) {
        let name = case.file_name().unwrap().to_str().unwrap();
        let said = say(name, &fs::read_to_string(&case).unwrap());
        let beside = case.with_extension("txt");
        if env::var_os("SHELTER_BLESS").is_some() {
            fs::write(beside, &said).unwrap();
        } else if fs::read_to_string(beside).unwrap_or_default() != said {
            writeln!(wrong, "--- {name}\n{said}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "not as written beside the case:\n{wrong}");
}

#[test]
fn what_is_wrong_with_a_playbook_is_said_with_its_place() {
    let files = Beside("tests/errors/playbooks/files".into());
    compare("errors/playbooks", |name, text| match on_phantom(name, text, &files) {
        Err(reports) => format!("{reports}\n"),
        Ok((_, warnings)) if !warnings.is_empty() => format!("{warnings}\n"),
        Ok(_) => "nothing is wrong\n".into(),
    });
}

#[test]
fn the_reference_in_the_docs_is_current() {
    use shelter::playbook::schema::{SECTIONS, section};
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/playbooks.md");
    let written = fs::read_to_string(&path).unwrap();
    let mut current = written.clone();
    for name in SECTIONS {
        let (begin, end) = (format!("<!-- begin {name} -->\n"), format!("<!-- end {name} -->"));
        let from = current.find(&begin).unwrap_or_else(|| panic!("no mark {begin}")) + begin.len();
        let to = current.find(&end).unwrap_or_else(|| panic!("no mark {end}"));
        current.replace_range(from..to, &format!("\n{}\n", section(name).unwrap()));
    }
    if env::var_os("SHELTER_BLESS").is_some() {
        fs::write(path, current).unwrap();
    } else {
        assert!(
            written == current,
            "run `SHELTER_BLESS=1 cargo test reference` and look at docs/playbooks.md"
        );
    }
}

#[test]
fn the_playbook_in_the_docs_and_every_example_are_sound() {
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/playbooks.md"))
        .unwrap();
    let first = docs.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    read(&Source::new("docs/playbooks.md", first), [])
        .unwrap_or_else(|reports| panic!("{reports}"));
    for resource in shelter::playbook::resource::ALL {
        let step = resource.example.replace('\n', "\n    ");
        let text = format!("playbook: 00_example\nname: x\npurpose: y\nsteps:\n  - {step}\n");
        read(&Source::new(resource.name, text), []).unwrap_or_else(|reports| panic!("{reports}"));
    }
}

#[test]
fn what_a_step_becomes_on_a_host_is_what_is_written_beside_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans/resources");
    let files = shelter::playbook::resource::Folder(folder.join("files"));
    compare("plans/resources", |name, text| {
        let (resolved, _) = on_phantom(name, text, &files).unwrap_or_else(|r| panic!("{r}"));
        resolved.steps.iter().map(told).collect::<Vec<_>>().join("\n")
    });
}

/// A step of a plan, for people.
fn told(step: &shelter::playbook::plan::PlannedStep) -> String {
    use shelter::playbook::plan::Undo;
    let mut out =
        format!("# {} ({}), as {:?}, needs {:?}\n", step.name, step.id, step.run_as, step.needs);
    for (what, cond) in
        [("when", &step.when), ("until", &step.attempts.until), ("changed", &step.changed_when)]
    {
        if let Some(cond) = cond {
            writeln!(out, "{what}: {cond:?}").unwrap();
        }
    }
    if step.cwd.is_some() || !step.env.is_empty() {
        writeln!(out, "in {:?} with {:?}", step.cwd, step.env).unwrap();
    }
    for item in &step.items {
        let legs = &item.legs;
        if let Some(label) = &item.label {
            writeln!(out, "item {label}").unwrap();
        }
        let (how, undo) = match &legs.undo {
            Undo::Exact(undo) => ("exact".to_owned(), Some(undo)),
            Undo::BestEffort(undo, what) => (format!("best effort: {what}"), Some(undo)),
            Undo::None(why) => (format!("none: {why}"), None),
        };
        let inline = if legs.check_inline { "check, inline" } else { "check" };
        let leg = |name: &str, leg: Option<&shelter::playbook::plan::Sh>| match leg {
            Some(leg) => format!("{name}:\n    {}\n", leg.as_str().replace('\n', "\n    ")),
            None => String::new(),
        };
        out += &leg(inline, legs.check.as_ref());
        out += &leg("apply", Some(&legs.apply));
        out += &leg("verify", legs.verify.as_ref());
        out += &leg("preview", legs.preview.as_ref());
        out += &leg("save", undo.map(|undo| &undo.save));
        out += &leg("restore", undo.map(|undo| &undo.restore));
        writeln!(out, "undo: {how}").unwrap();
        for payload in &legs.payloads {
            writeln!(out, "payload: {:?}", String::from_utf8_lossy(&payload.0)).unwrap();
        }
    }
    out
}
