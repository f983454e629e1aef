//! Any value passes through a program unchanged, in every shell.

use proptest::prelude::*;
use shelter::playbook::plan::{Payload, Sh};

use super::machine::{Machine, Shell, machines, status};
use super::plans::{action, file, plan, step};

fn any_text() -> impl Strategy<Value = String> {
    let nasty = "['\"`$\\\\\n\t !*?#~&|;<>(){}\\[\\]=%\u{e9}\u{1F600}a-z0-9-]{0,24}";
    prop_oneof![nasty.prop_map(String::from), "[^\0]{0,24}".prop_map(String::from)]
}

/// One run that writes each value to a file of its own, in three ways.
fn round_trip(shell: Shell, machine: &Machine, values: &[String], bytes: &[Vec<u8>]) {
    let mut steps = Vec::new();
    for (n, value) in values.iter().enumerate() {
        let out = format!("v{n}");
        let write = Sh::of("printf %s {{v}} >{{o}}", &[("v", value), ("o", &out)]).unwrap();
        steps.push(step(&out, shelter::playbook::plan::Legs::action(write)));
        let mut env = action(&format!("e{n}"), &format!("printf %s \"$VALUE\" >e{n}"));
        env.around.env.insert("VALUE".into(), value.clone());
        steps.push(env);
    }
    for (n, bytes) in bytes.iter().enumerate() {
        let mut payload = file(&format!("p{n}"), &format!("p{n}"), "");
        payload.items[0].legs.payloads = vec![Payload::Plain(bytes.clone().into())];
        steps.push(payload);
    }
    let events = machine.play(&plan(steps));
    assert_eq!(status(&events), Some(0), "{shell:?} {events:?}");
    let read = |name: String| std::fs::read(machine.home().join(name)).unwrap();
    for (n, value) in values.iter().enumerate() {
        assert_eq!(read(format!("v{n}")), value.as_bytes(), "{shell:?} {value:?}");
        assert_eq!(read(format!("e{n}")), value.as_bytes(), "{shell:?} {value:?}");
    }
    for (n, bytes) in bytes.iter().enumerate() {
        assert_eq!(&read(format!("p{n}")), bytes, "{shell:?} {bytes:?}");
    }
}

#[test]
fn known_traps_pass_unchanged() {
    let texts = [
        "",
        "-n",
        "--",
        "'",
        "''\\''",
        "$(touch x)",
        "`touch x`",
        "a\nb\n",
        "\n",
        "\\0",
        "%s%n",
        "~",
        "*",
        "#",
        "x'; touch x; '",
        "}",
        "EOF\n.\n",
        "é\u{202e}",
    ];
    let values: Vec<String> = texts.iter().map(|t| (*t).to_owned()).collect();
    let every_byte: Vec<u8> = (0..=255).collect();
    for (shell, machine) in machines() {
        round_trip(
            shell,
            &machine,
            &values,
            &[every_byte.clone(), every_byte.repeat(100), b"a\0".to_vec(), vec![]],
        );
        assert!(!machine.home().join("x").exists(), "{shell:?} ran a value");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn any_value_passes_unchanged(
        values in proptest::collection::vec(any_text(), 8),
        bytes in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..64), 4),
    ) {
        for (shell, machine) in machines() {
            round_trip(shell, &machine, &values, &bytes);
        }
    }
}
