//! Folders, files, lines, links: made, met, and taken back.

use shelter::playbook::Files;
use shelter::playbook::plan::Blob;
use shelter::playbook::resource::{Folder, Refusal};

use super::bench::{Bench, everywhere};

fn there_and_back(setup: &str, step: &str) {
    everywhere(setup, step, |bench| bench.there_and_back());
}

#[test]
fn a_folder_is_made_with_its_parents() {
    there_and_back(":", "dir: { path: \"{{ dir }}/a b/c/-d\", mode: \"2750\" }");
}

#[test]
fn a_folder_gets_other_permissions_and_its_own_back() {
    there_and_back(
        "mkdir x; chmod 6755 x; touch x/kept",
        "dir: { path: \"{{ dir }}/x\", mode: \"0700\" }",
    );
}

#[test]
fn a_folder_with_something_new_in_it_is_not_removed_by_undo() {
    everywhere(":", "dir: \"{{ dir }}/x\"", |bench| {
        bench.apply();
        std::fs::create_dir(bench.dir.join("x/new")).unwrap();
        bench.check(0);
    });
}

#[test]
fn a_file_is_written_whole() {
    there_and_back(
        ":",
        "file: { path: \"{{ dir }}/-f 'x\", content: \"it's $(x)\\n\\n%s\\\\n\\n\", mode: \"0640\" }",
    );
}

#[test]
fn a_file_without_an_end_of_line_and_one_with_nothing_are_exact() {
    there_and_back("printf 'a\\n' >f", "file: { path: \"{{ dir }}/f\", content: a }");
    there_and_back("printf a >f", "file: { path: \"{{ dir }}/f\", content: \"\" }");
    there_and_back("printf 'a\\n\\n' >f", "file: { path: \"{{ dir }}/f\", content: \"a\\n\" }");
}

#[test]
fn a_file_of_bytes_is_compared_byte_by_byte() {
    there_and_back("printf 'a\\0\\0b' >f", "file: { path: \"{{ dir }}/f\", from: bytes }");
}

#[test]
fn a_file_keeps_permissions_nobody_wished_to_change() {
    everywhere(
        "echo old >f; chmod 4711 f",
        "file: { path: \"{{ dir }}/f\", content: new }",
        |bench| {
            bench.there_and_back();
            bench.apply();
            assert!(bench.snapshot()["f"].starts_with("104711 "), "{:?}", bench.snapshot());
        },
    );
}

#[test]
fn only_the_permissions_of_a_file_change_and_come_back() {
    there_and_back(
        "printf x >f; chmod 600 f",
        "file: { path: \"{{ dir }}/f\", content: x, mode: \"0755\" }",
    );
    there_and_back("printf x >f; chmod 600 f", "file: { path: \"{{ dir }}/f\", mode: \"0755\" }");
}

#[test]
fn what_a_file_holds_can_be_kept() {
    everywhere(
        "printf old >f",
        "file: { path: \"{{ dir }}/f\", content: new, keep: true }",
        |bench| bench.check(0),
    );
    there_and_back(":", "file: { path: \"{{ dir }}/f\", content: new, keep: true }");
}

#[test]
fn a_link_at_the_target_is_followed_only_where_told() {
    let (setup, step) =
        ("echo x >real; ln -s real f", "file: { path: \"{{ dir }}/f\", content: new }");
    everywhere(setup, step, |bench| assert!(bench.refused(2).contains("symbolic link")));
    there_and_back(setup, &step.replace("new }", "new, follow: true }"));
    everywhere("mkdir d; ln -s d l", "dir: \"{{ dir }}/l\"", |bench| drop(bench.refused(2)));
    everywhere("ln -s gone l", "dir: \"{{ dir }}/l\"", |bench| drop(bench.refused(2)));
}

#[test]
fn something_else_at_the_target_is_an_error_and_stays() {
    for (setup, step) in [
        ("touch x", "dir: \"{{ dir }}/x\""),
        ("mkdir x", "file: { path: \"{{ dir }}/x\", content: a }"),
        ("mkdir x", "link: { path: \"{{ dir }}/x\", to: a }"),
        ("touch x", "link: { path: \"{{ dir }}/x\", to: a }"),
        ("mkfifo x", "file: { path: \"{{ dir }}/x\", content: a }"),
    ] {
        everywhere(setup, step, |bench| {
            let before = bench.snapshot();
            drop(bench.refused(2));
            assert_eq!(bench.snapshot(), before);
        });
    }
}

#[test]
fn a_template_is_rendered_for_the_host() {
    everywhere(":", "template: { path: \"{{ dir }}/t\", from: greeting.j2 }", |bench| {
        bench.there_and_back();
        bench.apply();
        let held = std::fs::read_to_string(bench.dir.join("t")).unwrap();
        assert_eq!(held, "phantom greets /home/ops\n");
    });
}

#[test]
fn a_line_is_added_replaced_and_removed() {
    there_and_back(
        "printf 'a\\nb' >f; chmod 640 f",
        "line: { path: \"{{ dir }}/f\", line: \"c $(x) \\\\1 &\" }",
    );
    there_and_back(
        "printf 'x\\nPORT=1\\nPORT=2\\n' >f",
        "line: { path: \"{{ dir }}/f\", match: ^PORT=, line: PORT=3 }",
    );
    there_and_back(
        "printf 'x\\n' >f",
        "line: { path: \"{{ dir }}/f\", match: ^PORT=, line: -PORT=3, after: ^x }",
    );
    there_and_back(
        "printf 'x\\ny\\nx\\n' >f",
        "line: { path: \"{{ dir }}/f\", line: x, absent: true }",
    );
    there_and_back(
        "printf 'x\\n#y\\n' >f",
        "line: { path: \"{{ dir }}/f\", match: \"^#\", absent: true }",
    );
    there_and_back(":", "line: { path: \"{{ dir }}/f\", line: x, create: true }");
}

fn holds(bench: &Bench, file: &str) -> String {
    std::fs::read_to_string(bench.dir.join(file)).unwrap()
}

#[test]
fn a_line_stands_for_the_first_that_matches_and_the_others_go() {
    let setup = "printf 'x\\nPORT=1\\ny\\nPORT=2\\n' >f";
    everywhere(
        setup,
        "line: { path: \"{{ dir }}/f\", match: ^PORT=, line: \"PORT=\\\\3\" }",
        |bench| {
            assert!(bench.preview().contains("-PORT=1\n+PORT=\\3\n"), "{}", bench.preview());
            bench.apply();
            assert_eq!(holds(&bench, "f"), "x\nPORT=\\3\ny\n");
        },
    );
    everywhere(
        "printf 'x\\ny\\n' >f",
        "line: { path: \"{{ dir }}/f\", line: new, after: x }",
        |bench| {
            bench.apply();
            assert_eq!(holds(&bench, "f"), "x\nnew\ny\n");
        },
    );
}

#[test]
fn a_block_stands_between_its_marks() {
    let step =
        "block: { path: \"{{ dir }}/f\", name: fleet, content: \"10.0.0.2 a\\\\n\\n%s\\n\" }";
    there_and_back("printf 'x\\ny\\n' >f", step);
    there_and_back(
        "printf 'x\\n# begin fleet (Mountain Shelter)\\nold\\n# end fleet (Mountain Shelter)\\ny\\n' >f",
        step,
    );
    there_and_back(
        "printf '# begin fleet (Mountain Shelter)\\nold\\n# end fleet (Mountain Shelter)\\ny\\n' >f",
        "block: { path: \"{{ dir }}/f\", name: fleet, absent: true }",
    );
    everywhere("printf 'x\\n# begin fleet (Mountain Shelter)\\ny\\n' >f", step, |bench| {
        assert!(bench.refused(1).contains("not"));
    });
}

#[test]
fn a_link_leads_where_it_shall() {
    there_and_back(":", "link: { path: \"{{ dir }}/l\", to: \"-some where\" }");
    there_and_back("mkdir a b; ln -s a l", "link: { path: \"{{ dir }}/l\", to: b }");
    there_and_back("echo x >l", "link: { path: \"{{ dir }}/l\", to: b, force: true }");
}

#[test]
fn what_is_removed_comes_back_as_it_was() {
    there_and_back(
        "mkdir -p x/y; echo a >x/y/z; chmod 700 x; ln -s / x/l",
        "absent: \"{{ dir }}/x\"",
    );
    there_and_back("ln -s /etc l", "absent: \"{{ dir }}/l\"");
}

#[test]
fn a_tree_is_the_consoles() {
    let step = "tree: { path: \"{{ dir }}/t\", from: tree, delete: true }";
    there_and_back(":", step);
    there_and_back("mkdir t; echo old >t/a.txt; echo mine >'t/b c'", step);
    everywhere("mkdir t; echo mine >'t/b c'", &step.replace(", delete: true", ""), |bench| {
        bench.there_and_back();
        bench.apply();
        assert_eq!(holds(&bench, "t/b c"), "mine\n");
    });
}

#[test]
fn a_tree_shows_what_differs_by_name() {
    let step = "tree: { path: \"{{ dir }}/t\", from: tree, delete: true }";
    everywhere("mkdir t; echo old >t/a.txt; echo mine >'t/b c'", step, |bench| {
        let shown = bench.preview();
        assert!(shown.contains("-old\n"), "{shown}");
        assert!(shown.contains("/t/b c: goes\n"), "{shown}");
        let heads = shown.lines().filter(|line| line.starts_with("--- ")).count();
        assert_eq!(heads, shown.lines().filter(|line| line.starts_with("+++ ")).count(), "{shown}");
        assert!(shown.lines().all(|line| !line.starts_with("me' ")), "{shown}");
        bench.apply();
        assert_eq!(bench.preview(), "");
    });
}

#[test]
fn nothing_leaves_the_folder_of_files_and_nothing_is_left_out_in_silence() {
    let temp = tempfile::tempdir().unwrap();
    let at = |name: &str| temp.path().join("files").join(name);
    std::fs::create_dir_all(at("t/empty")).unwrap();
    std::fs::create_dir_all(at("u")).unwrap();
    std::fs::write(temp.path().join("secret"), "s").unwrap();
    std::fs::write(at("inside"), "i").unwrap();
    std::os::unix::fs::symlink(temp.path().join("secret"), at("out")).unwrap();
    std::os::unix::fs::symlink("inside", at("in")).unwrap();
    std::os::unix::fs::symlink("../inside", at("u/link")).unwrap();
    let fifo = std::process::Command::new("mkfifo").arg(at("fifo")).status().unwrap();
    assert!(fifo.success());
    let files = Folder(temp.path().join("files"));
    let refused = |refusal: Result<Blob, Refusal>| refusal.err().unwrap().text;
    assert_eq!(files.read("in").unwrap()[..], b"i"[..]);
    assert!(refused(files.read("out")).contains("`out` leads out of"));
    assert!(refused(files.read("fifo")).ends_with("is not a file"));
    for (tree, told) in [("t", "t/empty` is an empty folder"), ("u", "u/link` is a symbolic link")]
    {
        let text = files.list(tree).unwrap_err().text;
        assert!(text.contains(told), "{text}");
    }
}
