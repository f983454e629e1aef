//! Folders of playbooks: `errors/playbooks/` with what is said about each, `plans/` with what each becomes on one host.
//!
//! A case is `NAME.yaml` and `NAME.txt`. `SHELTER_BLESS=1` writes the texts anew.

use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use shelter::fleet::{Facts, Host, HostName, Linger, Secret, Tool, Vars, Via};
use shelter::playbook::plan::Payload;
use shelter::playbook::resolve::{Resolved, read};
use shelter::playbook::resource::{Files, Folder, ReadOnce};
use shelter::playbook::{Program, compile};
use shelter::text::{Reports, Source};

use crate::runner::machine::start;
use crate::runner::plans::plan;
use crate::support::cases::{compare, compare_kept, in_repository};
use crate::support::resolving::{Given, resolved};

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

/// What a payload holds, secret or not.
pub fn bytes_of(payload: &Payload) -> &[u8] {
    match payload {
        Payload::Plain(bytes) => bytes,
        Payload::Secret(secret) => secret.reveal().as_bytes(),
    }
}

/// What a playbook becomes on phantom.
pub fn on_phantom(
    name: &str,
    text: &str,
    files: &dyn Files,
) -> Result<(Resolved, Reports), Reports> {
    let phantom = phantom();
    let known = phantom.0.vars.keys().map(String::as_str);
    let (playbook, warnings) = read(&Source::new(name, text), known)?;
    Ok((resolved(&playbook, &phantom, &Given::only(files))?, warnings))
}

/// Compares what every playbook of a folder becomes with the text beside it.
fn compare_playbooks(folder: &str, say: impl Fn(&str, &str) -> String) {
    compare(folder, |case| {
        say(case.file_name().unwrap().to_str().unwrap(), &fs::read_to_string(case).unwrap())
    });
}

#[test]
fn what_is_wrong_with_a_playbook_is_said_with_its_place() {
    let files = Folder("tests/errors/playbooks/files".into());
    compare_playbooks("tests/errors/playbooks", |name, text| {
        match on_phantom(name, text, &files) {
            Err(reports) => format!("{reports}\n"),
            Ok((_, warnings)) if !warnings.is_empty() => format!("{warnings}\n"),
            Ok(_) => "nothing is wrong\n".into(),
        }
    });
}

#[test]
fn the_reference_in_the_docs_is_current() {
    use shelter::playbook::schema::{SECTIONS, section};
    let path = in_repository("docs/playbooks.md");
    let mut current = fs::read_to_string(&path).unwrap();
    for name in SECTIONS {
        let (begin, end) = (format!("<!-- begin {name} -->\n"), format!("<!-- end {name} -->"));
        let from = current.find(&begin).unwrap_or_else(|| panic!("no mark {begin}")) + begin.len();
        let to = current.find(&end).unwrap_or_else(|| panic!("no mark {end}"));
        current.replace_range(from..to, &format!("\n{}\n", section(name).unwrap()));
    }
    compare_kept(&path, &current);
}

#[test]
fn the_playbook_in_the_docs_and_every_example_are_sound() {
    let docs = fs::read_to_string(in_repository("docs/playbooks.md")).unwrap();
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
    let files = Folder(in_repository("tests/plans/resources/files"));
    compare_playbooks("tests/plans/resources", |name, text| {
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
    if !step.around.is_empty() {
        writeln!(out, "in {:?} with {:?}", step.around.cwd, step.around.env).unwrap();
    }
    if !step.outputs.is_empty() {
        writeln!(out, "prints {:?}", step.outputs).unwrap();
    }
    for item in &step.items {
        let legs = &item.legs;
        if let Some(label) = &item.label {
            writeln!(out, "item {label}").unwrap();
        }
        if let Some(around) = &item.around {
            writeln!(out, "in {:?} with {:?}", around.cwd, around.env).unwrap();
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
        out += &leg(if legs.apply_inline { "apply, inline" } else { "apply" }, Some(&legs.apply));
        out += &leg("verify", legs.verify.as_ref());
        out += &leg("preview", legs.preview.as_ref());
        out += &leg("save", undo.map(|undo| &undo.save));
        out += &leg("restore", undo.map(|undo| &undo.restore));
        writeln!(out, "undo: {how}").unwrap();
        for payload in &legs.payloads {
            writeln!(out, "payload: {:?}", String::from_utf8_lossy(bytes_of(payload))).unwrap();
        }
    }
    out
}

/// What a console must hold once, however many hosts it is sent to.
#[test]
fn a_large_file_is_read_once_and_all_its_programs_share_its_text() {
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("large");
    fs::write(&large, [0, 7].repeat(100_000)).unwrap();
    let files = ReadOnce::new(Arc::new(Folder(folder.path().to_owned())));
    let text = "playbook: 50_large\nname: l\npurpose: p\nhosts: all\nsteps:\n  - file: { path: /tmp/large, from: large }\n";
    let program = || {
        let (resolved, _) = on_phantom("50_large.yaml", text, &files).unwrap();
        compile(&plan(resolved.steps)).unwrap()
    };
    let first = program();
    fs::write(&large, "something else").unwrap();
    let second = program();
    let carried = |program: &Program| {
        let pieces = start().stdin(program).into_iter();
        pieces.max_by_key(|piece| piece.len()).unwrap()
    };
    let (one, other) = (carried(&first), carried(&second));
    assert_eq!(one.as_ptr(), other.as_ptr());
    assert!(one.starts_with(b"printf %b '") && one.len() > 200_000, "{}", one.len());
    assert!(first.text().len() - one.len() < 100_000);
}

/// The playbooks that are owed and not there yet, as sketches: what the language must be able to say.
#[test]
fn the_language_can_say_every_playbook_that_is_owed() {
    let folder = in_repository("tests/language");
    let files = Folder(folder.join("files"));
    let mut there = Vec::new();
    let mut sketches: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    sketches.retain(|path| path.extension().is_some_and(|kind| kind == "yaml"));
    for path in sketches {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let (resolved, warnings) = sketched(&name, &text, &files).unwrap_or_else(|r| panic!("{r}"));
        assert!(warnings.is_empty(), "{name}: {warnings}");
        assert!(resolved.unsupported.is_empty(), "{name}: {:?}", resolved.unsupported);
        assert!(resolved.steps.len() > 2, "{name}");
        there.push(name);
    }
    let built_in = shelter::playbook::builtin::playbooks();
    let stem = |path: &str| path.trim_end_matches(".yaml").to_owned();
    there.extend(built_in.map(|file| stem(file.path)));
    let page = fs::read_to_string(in_repository("docs/action-plan.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let (named, missing): (Vec<&str>, Vec<&str>) =
        rows.partition(|name| there.iter().any(|known| known == name));
    assert!(missing.is_empty(), "neither built in nor sketched: {missing:?}");
    assert_eq!(named.len(), 21);
}

/// What a sketch becomes on phantom, beside shadow, all its secrets given.
fn sketched(name: &str, text: &str, files: &dyn Files) -> Result<(Resolved, Reports), Reports> {
    let (host, mut facts) = phantom();
    facts.os.arch = Some("x86_64".into());
    facts.os.family = Some("linux".into());
    facts.gpus = Some(Vec::new());
    facts.linger = Some(Linger::Survives);
    let tool = |name: &str| Tool { name: name.into(), path: format!("/usr/bin/{name}") };
    facts.tools = ["rsync", "docker"].map(tool).into();
    let (playbook, warnings) = read(&Source::new(name, text), [])?;
    let other = Host { name: HostName::new("shadow").unwrap(), ..host.clone() };
    let open = |name: &str| (name.to_owned(), Secret::new("open".into()));
    let secrets = playbook.secret_names().map(open).collect();
    let given = Given { others: vec![other], secrets, ..Given::only(files) };
    Ok((resolved(&playbook, &(host, facts), &given)?, warnings))
}
