//! Archives that try to get out, and values that try to become commands.

use super::bench::{everywhere, everywhere_with_tools};

/// Archives written by hand, for no tar writes them willingly.
const ARCHIVES: &str = r#"
python3 - <<'P'
import tarfile, io
def make(name, *members):
    with tarfile.open(name, 'w') as t:
        for kind, path, what in members:
            i = tarfile.TarInfo(path)
            if kind == 'f':
                i.size = len(what); t.addfile(i, io.BytesIO(what.encode()))
            else:
                i.type = {'l': tarfile.SYMTYPE, 'h': tarfile.LNKTYPE, 'p': tarfile.FIFOTYPE}[kind]
                i.linkname = what; t.addfile(i)
make('absolute.tar', ('f', '/tmp/shelter-escaped', 'x'))
make('parent.tar', ('f', 'a/../../escaped', 'x'))
make('link.tar', ('l', 'l', '/etc'))
make('link-up.tar', ('l', 'a/l', '../../..'))
make('through.tar', ('l', 'l', 'sub'), ('f', 'l/f', 'x'))
make('through-out.tar', ('l', 'l', '..'), ('f', 'l/escaped', 'x'))
make('hard.tar', ('h', 'h', '/etc/passwd'))
make('fifo.tar', ('p', 'p', ''))
P
"#;

#[test]
fn an_archive_that_leads_out_is_refused_and_leaves_nothing() {
    for name in ["absolute", "parent", "link", "link-up", "through", "through-out", "hard", "fifo"]
    {
        let step = format!(
            "unpack: {{ archive: \"{{{{ dir }}}}/{name}.tar\", dest: \"{{{{ dir }}}}/out\" }}"
        );
        everywhere(ARCHIVES, &step, |bench| {
            let before = bench.snapshot();
            let said = bench.refused(1);
            assert!(said.contains("refused"), "{name}: {said}");
            assert_eq!(bench.snapshot(), before, "{name}");
        });
    }
    assert!(!std::path::Path::new("/tmp/shelter-escaped").exists());
}

#[test]
fn no_value_becomes_a_command() {
    let hostile = "'; touch pwned; $(touch pwned) `touch pwned` \\\"; touch pwned #";
    for step in [
        format!("file: {{ path: \"{{{{ dir }}}}/f\", content: \"{hostile}\" }}"),
        format!("line: {{ path: \"{{{{ dir }}}}/f\", line: \"{hostile}\", create: true }}"),
        format!("dir: \"{{{{ dir }}}}/x {hostile}\""),
        format!("link: {{ path: \"{{{{ dir }}}}/l\", to: \"{hostile}\" }}"),
        format!(
            "block: {{ path: \"{{{{ dir }}}}/f\", name: b, content: \"{hostile}\", create: true }}"
        ),
    ] {
        everywhere(":", &step, |bench| {
            bench.there_and_back();
            bench.apply();
            assert!(!bench.snapshot().keys().any(|name| name == "pwned"));
        });
    }
    everywhere_with_tools(
        ":",
        "apply: printf '%s' {{ dir }} >{{ dir }}/f\ncheck: test -e {{ dir }}/f",
        |bench| {
            bench.apply();
            assert_eq!(
                std::fs::read_to_string(bench.dir.join("f")).unwrap(),
                bench.dir.to_str().unwrap()
            );
        },
    );
}
