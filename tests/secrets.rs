//! Secrets of a playbook through the whole program: given in three ways, written where they belong, kept nowhere else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::support::{Outcome, Shelter, this_machine};

const TOKEN: &str = "tok-9f'$x\"81c2";
const NEXT: &str = "tok-the-next-one";
const PASS: &str = "pass phrase of 5 words";

const PLAYBOOK: &str = r#"
playbook: 50_secrets
name: Secrets
purpose: Writes and uses some.
secrets:
  token: what the door asks for
  pass: what opens the store
vars: { place: /nowhere }
steps:
  - name: a file
    file: { path: "{{ place }}/conf", content: "token = {{ secret.token | upper }}\n", mode: "0600" }
  - name: a template
    template: { path: "{{ place }}/rendered", from: conf.j2 }
  - name: a command that reads
    run: { argv: [tee, "{{ place }}/read"], stdin: "{{ secret.pass }}", creates: "{{ place }}/read" }
  - name: a script
    check: test "$(cat {{ place }}/seen)" = "$(secret token)"
    apply: secret token >{{ place }}/seen; echo "it is $(secret token)"
    undo: rm -f {{ place }}/seen
"#;

fn shelter() -> Shelter {
    let shelter = Shelter::new();
    let place = shelter.path("place");
    fs::create_dir(&place).unwrap();
    let playbook = PLAYBOOK.replace("/nowhere", place.to_str().unwrap());
    let shelter = shelter
        .inventory("hosts:\n  here: {via: local}\nsecrets:\n  pass: {file: ~/pass}\n")
        .file(".mountain_shelter/playbooks/50_secrets.yaml", &playbook)
        .file(
            ".mountain_shelter/playbooks/files/conf.j2",
            "on {{ host.name }}: {{ secret.token }}\n",
        )
        .file("pass", &format!("{PASS}\n"));
    fs::set_permissions(shelter.path("pass"), fs::Permissions::from_mode(0o600)).unwrap();
    shelter
}

/// Runs the binary with a token in its environment.
fn run(shelter: &Shelter, token: &str, args: &[&str]) -> Outcome {
    let mut command = shelter.command(args);
    let output = command.env("SHELTER_SECRET_TOKEN", token).stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap_or(-1);
    let outcome = Outcome { code, stdout: text(output.stdout), stderr: text(output.stderr) };
    assert_silent(&format!("{}{}", outcome.stdout, outcome.stderr), "what was printed");
    outcome
}

fn assert_silent(text: &str, what: &str) {
    for word in [TOKEN, &TOKEN.to_uppercase(), NEXT, PASS] {
        assert!(!text.contains(word), "`{word}` is in {what}:\n{text}");
    }
}

/// Everything that the console and the runner keep.
fn assert_nothing_kept(shelter: &Shelter) {
    let mut folders: Vec<PathBuf> = vec![shelter.path(".mountain_shelter")];
    let mut looked_at = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            match entry.file_type().unwrap() {
                kind if kind.is_dir() => folders.push(entry.path()),
                kind if kind.is_file() => {
                    let text =
                        String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned();
                    assert_silent(&text, &entry.path().display().to_string());
                    looked_at += 1;
                }
                kind => panic!("{} is {kind:?}", entry.path().display()),
            }
        }
    }
    assert!(looked_at > 10, "only {looked_at} files");
}

fn read(place: &Path, name: &str) -> String {
    fs::read_to_string(place.join(name)).unwrap_or_default()
}

#[test]
fn secrets_reach_what_needs_them_and_are_kept_nowhere_else() {
    let _machine = this_machine();
    let shelter = shelter();
    let place = shelter.path("place");
    let checked = run(&shelter, TOKEN, &["--run", "50", "--check", "--diff"]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    assert!(checked.stdout.contains("place/conf: (secret)"), "{}", checked.stdout);
    assert!(fs::read_dir(&place).unwrap().next().is_none());

    let done = run(&shelter, TOKEN, &["--run", "50", "--diff", "-v"]);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.contains("it is (secret)"), "{}", done.stdout);
    assert_eq!(read(&place, "conf"), format!("token = {}\n", TOKEN.to_uppercase()));
    assert_eq!(read(&place, "rendered"), format!("on here: {TOKEN}\n"));
    assert_eq!((read(&place, "read"), read(&place, "seen")), (PASS.to_owned(), TOKEN.to_owned()));
    assert_nothing_kept(&shelter);

    let again = run(&shelter, TOKEN, &["--run", "50", "--json"]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    assert!(again.stdout.contains("\"changed\":0"), "{}", again.stdout);

    // Whoever takes it back need not know them.
    let undone = shelter.run(&["undo", done.stdout.split_whitespace().nth(3).unwrap()]);
    assert!(undone.stdout.contains("a command that reads"), "{}{}", undone.stdout, undone.stderr);
    for gone in ["conf", "rendered", "seen"] {
        assert!(!place.join(gone).exists(), "{gone}: {}{}", undone.stdout, undone.stderr);
    }
}

#[test]
fn a_secret_that_changes_is_not_kept_for_an_undo() {
    let _machine = this_machine();
    let shelter = shelter();
    let place = shelter.path("place");
    assert_eq!(run(&shelter, TOKEN, &["--run", "50"]).code, 0);
    let changed = run(&shelter, NEXT, &["--run", "50"]);
    assert_eq!(changed.code, 0, "{}{}", changed.stdout, changed.stderr);
    assert!(changed.stdout.contains("changed=3"), "{}", changed.stdout);
    assert_nothing_kept(&shelter);
    let undone = shelter.run(&["undo", changed.stdout.split_whitespace().nth(3).unwrap()]);
    assert!(
        undone.stdout.contains("kept: [here] a template"),
        "{}{}",
        undone.stdout,
        undone.stderr
    );
    assert_eq!(read(&place, "conf"), format!("token = {}\n", NEXT.to_uppercase()));
}

#[test]
fn what_cannot_be_had_is_told_before_any_host_is_reached() {
    let shelter = shelter();
    let outcome = shelter.run(&["--run", "50"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{}", outcome.stderr);
    let told = "error: nobody is there to give the secret `token`\n  = help: it is what the door \
                asks for; set `SHELTER_SECRET_TOKEN`, or say under `secrets:` in `shelter.yaml` \
                where it comes from\n";
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);

    fs::set_permissions(shelter.path("pass"), fs::Permissions::from_mode(0o640)).unwrap();
    let open = run(&shelter, TOKEN, &["--run", "50"]);
    assert_eq!(open.code, 1);
    assert!(
        open.stderr.contains("/pass`, which holds a secret, is open to others"),
        "{}",
        open.stderr
    );
    let short = run(&shelter, "abc", &["--run", "50"]);
    assert!(short.stderr.contains("too short to be hidden"), "{}", short.stderr);
}

#[test]
fn a_plan_is_shown_without_any_secret() {
    let shelter = shelter();
    let warmed = shelter.run(&["hosts", "facts", "here"]);
    assert_eq!(warmed.code, 0, "{}", warmed.stderr);
    let plan = shelter.run(&["plan", "50"]);
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    assert!(plan.stdout.contains("secrets token, pass"), "{}", plan.stdout);
    let script = run(&shelter, TOKEN, &["plan", "50", "--script"]);
    assert_eq!(script.code, 0, "{}", script.stderr);
    assert!(script.stdout.contains("'token') _slot "), "{}", script.stdout);
}

#[test]
fn an_inventory_says_where_a_secret_comes_from_and_never_the_secret() {
    let inventory = "hosts:\n  here: {via: local}\nsecrets:\n  a: hunter2-hunter2\n  b: {env: X, file: /x}\n  \
                     c: {command: ''}\n  d: {file: x}\n  e: ask\n  f: {vault: x}\n";
    let outcome = Shelter::new().inventory(inventory).run(&["hosts", "list"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    for told in [
        "`a` says its secret, not where it comes from",
        "`b` does not come from one place",
        "expected a command that prints the secret",
        "expected a path that begins with `/` or `~/`",
        "`vault`",
    ] {
        assert!(outcome.stderr.contains(told), "{told}: {}", outcome.stderr);
    }
}

const OPTIONAL: &str = r#"
playbook: 50_optional
name: Optional
purpose: Uses a token where there is one.
secrets:
  token: { purpose: what the hub wants, optional: true }
vars: { place: /nowhere }
steps:
  - name: "{{ 'with' if secret.token is defined else 'without' }} a token"
    file:
      path: "{{ place }}/conf"
      content: "hub{% if secret.token is defined %} as {{ secret.token }}{% endif %}"
  - name: only with one
    when: secret.token is defined
    file: { path: "{{ place }}/with", content: x }
  - name: a script
    check: test -s {{ place }}/said
    apply: if secret token >{{ place }}/said; then :; else echo "none ($?)" >{{ place }}/said; fi
"#;

#[test]
fn a_secret_that_a_playbook_can_do_without_is_used_where_it_is_given() {
    let _machine = this_machine();
    let shelter = Shelter::new().inventory("hosts:\n  here: {via: local}\n");
    let place = shelter.path("place");
    fs::create_dir(&place).unwrap();
    let playbook = OPTIONAL.replace("/nowhere", place.to_str().unwrap());
    let shelter = shelter.file(".mountain_shelter/playbooks/50_optional.yaml", &playbook);
    for args in [&["--run", "50", "--diff"][..], &["--run", "50"]] {
        let without = shelter.run(args);
        assert_eq!(without.code, 0, "{}{}", without.stdout, without.stderr);
        assert!(without.stdout.contains("1 without a token"), "{}", without.stdout);
        assert!(without.stdout.contains("skipping: [here] 2 only with one"), "{}", without.stdout);
    }
    assert_eq!((read(&place, "conf"), read(&place, "said")), ("hub".into(), "none (1)\n".into()));
    let plan = shelter.run(&["plan", "50"]).stdout;
    assert!(plan.contains("token (not given: it can do without)"), "{plan}");
    fs::remove_file(place.join("said")).unwrap();

    let with = run(&shelter, TOKEN, &["--run", "50", "--diff"]);
    assert_eq!(with.code, 0, "{}{}", with.stdout, with.stderr);
    assert!(with.stdout.contains("1 with a token"), "{}", with.stdout);
    assert!(with.stdout.contains("place/conf: (secret)"), "{}", with.stdout);
    assert_eq!(read(&place, "conf"), format!("hub as {TOKEN}"));
    assert_eq!((read(&place, "with"), read(&place, "said")), ("x".into(), TOKEN.to_owned()));
    // An empty one is none, and so is one that nobody is there to be asked for.
    let empty = run(&shelter, "", &["--run", "50", "--check"]);
    assert!(empty.stdout.contains("1 without a token"), "{}{}", empty.stdout, empty.stderr);
    let shelter = shelter.inventory("hosts:\n  here: {via: local}\nsecrets: {token: ask}\n");
    let unasked = shelter.run(&["--run", "50", "--check"]);
    assert!(unasked.stdout.contains("1 without a token"), "{}{}", unasked.stdout, unasked.stderr);
}
