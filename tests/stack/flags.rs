//! Which flags llama.cpp is built with follows from the facts: every kept host, and what becomes of it with other tools. The choice
//! is kept in `flags.txt`; the programs are read by shellcheck.

use std::fmt::Write as _;
use std::fs;

use shelter::fleet::{Facts, Tool, Value};
use shelter::playbook::builtin::playbooks;
use shelter::playbook::resolve::{Resolved, read};
use shelter::text::Source;

use crate::playbooks::phantom;
use crate::support::Shelter;
use crate::support::cases::{cases, compare_kept, in_repository};
use crate::support::lint::{COMPILED, shellchecked};
use crate::support::resolving::{Given, Sent, resolved};

/// What a host may have besides, and what may be wished for it.
const WISHES: [(&str, &[&str], &str); 6] = [
    ("", &[], ""),
    ("nvcc", &["nvcc"], ""),
    ("vulkaninfo", &["vulkaninfo"], ""),
    ("icpx", &["icpx"], ""),
    ("", &[], "cuda"),
    ("", &[], "vulkan"),
];

/// 03 for a host of those facts.
fn build(facts: &Facts, backend: &str) -> Resolved {
    let file = playbooks().find(|file| file.path == "03_build_llama_cpp.yaml").unwrap();
    let (playbook, _) =
        read(&Source::new(file.path, file.text), []).unwrap_or_else(|reports| panic!("{reports}"));
    let wished = [("backend".to_owned(), Value::Text(backend.to_owned()))];
    let extra = wished.into_iter().filter(|_| !backend.is_empty()).collect();
    let given = Given { extra, ..Given::only(&Sent) };
    resolved(&playbook, &(phantom().0, facts.clone()), &given)
        .unwrap_or_else(|reports| panic!("{reports}"))
}

/// The generation and the flags of the step that builds, and what is said before it.
fn chosen(resolved: &Resolved) -> String {
    let step = resolved.steps.iter().find(|step| step.id == "build").unwrap();
    let Some(item) = step.items.first() else { return "nothing is built\n".to_owned() };
    let legs = item.legs.check.as_ref().unwrap().to_string();
    let words: Vec<&str> = legs.split(['\n', ' ', '\'']).filter(|word| !word.is_empty()).collect();
    let generation = words.iter().find(|word| word.starts_with("b9090-")).unwrap();
    let flags: Vec<&str> = words.iter().filter(|word| word.starts_with("-D")).copied().collect();
    let mut said = format!("{generation}\n      {}\n", flags.join(" "));
    let unused = resolved.steps.iter().find(|step| step.name.starts_with("no card is left unused"));
    if let Some(step) = unused.filter(|step| !step.items.is_empty()) {
        writeln!(said, "      {}", step.name).unwrap();
    }
    said
}

#[test]
fn flags_follow_from_the_facts_of_every_kept_host() {
    let mut told = String::new();
    for path in cases("tests/probes", "json") {
        let facts: Facts = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        if facts.gpus.as_ref().is_none_or(Vec::is_empty) {
            continue;
        }
        writeln!(told, "{}", path.file_stem().unwrap().to_str().unwrap()).unwrap();
        for (more, tools, backend) in WISHES {
            let mut facts = facts.clone();
            facts.home.get_or_insert("/home/ops".to_owned());
            let tool =
                |name: &&str| Tool { name: (*name).to_owned(), path: format!("/usr/bin/{name}") };
            facts.tools.extend(tools.iter().map(tool));
            let what = match (more, backend) {
                ("", "") => "as it is".to_owned(),
                (tool, "") => format!("with {tool}"),
                (_, wished) => format!("backend={wished}"),
            };
            write!(told, "    {what}: {}", chosen(&build(&facts, backend))).unwrap();
        }
    }
    // What must hold whatever the kept text says: a GTX 1050 Ti is sm_61, and a card is taken only where its tools are.
    let of = |host: &str| told.split(&format!("{host}\n")).nth(1).unwrap().to_owned();
    assert!(of("debian-12-gtx1050ti").contains("-DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=61\n"));
    assert!(of("kali-galaxy-book").contains("-DGGML_VULKAN=ON\n"));
    compare_kept(&in_repository("tests/stack/flags.txt"), &told);
}

#[test]
fn shellcheck_finds_nothing_in_the_programs_of_the_engine_the_models_and_the_benchmark() {
    let shelter = Shelter::new().inventory("hosts:\n  here:\n    via: local\n");
    for (playbook, more) in [
        ("03_build_llama_cpp", "backend=vulkan"),
        ("03_install_models", "unproven=true"),
        ("04", "governor=performance"),
    ] {
        let plan = shelter.command(&["plan", playbook, "--script", "-e", more]).output().unwrap();
        assert!(plan.status.success(), "{}", String::from_utf8_lossy(&plan.stderr));
        shellchecked(playbook, &plan.stdout, COMPILED);
    }
}
