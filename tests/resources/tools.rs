//! Commands, conditions, clones, archives, downloads: tried with the real tools against files of this machine.

use super::bench::{everywhere, everywhere_with_tools};

#[test]
fn a_command_runs_until_what_it_creates_is_there() {
    everywhere(
        ":",
        "run: { sh: \"echo x >{{ dir }}/made\", creates: \"{{ dir }}/made\" }",
        |bench| {
            bench.check(10);
            bench.apply();
            bench.check(0);
        },
    );
    everywhere(
        ":",
        "run: { argv: [touch, \"{{ dir }}/-x y\"], unless: \"test -e {{ dir }}/'-x y'\" }",
        |bench| {
            bench.check(10);
            bench.apply();
            bench.check(0);
        },
    );
}

#[test]
fn a_check_of_ones_own_tells_unmet_from_broken() {
    for (script, status) in [("exit 0", 0), ("exit 1", 10), ("exit 3", 3), ("nosuchcommand", 127)] {
        everywhere(":", &format!("run: {{ sh: \"true\", check: {script} }}"), |bench| {
            bench.check(status)
        });
    }
}

#[test]
fn a_script_runs_with_what_its_first_line_names() {
    everywhere_with_tools(
        ":",
        "run: { script: count.sh, argv: [\"{{ dir }}/n\", \"a b\"], creates: \"{{ dir }}/n\" }",
        |bench| {
            bench.apply();
            assert_eq!(std::fs::read_to_string(bench.dir.join("n")).unwrap(), "2 a b\n");
        },
    );
}

#[test]
fn files_a_command_may_change_are_kept_and_brought_back() {
    let step = "run: { sh: \"echo new >{{ dir }}/f; rm {{ dir }}/g\", check: \"! test -e {{ dir }}/g\" }\nkeeps: [\"{{ dir }}/f\", \"{{ dir }}/g\"]";
    everywhere("echo old >f; echo g >g; chmod 600 g", step, |bench| bench.there_and_back());
}

#[test]
fn legs_written_in_a_playbook_are_legs() {
    let step =
        "check: test -e {{ dir }}/x\napply: touch {{ dir }}/x\nundo: rm -f {{ dir }}/x\nname: own";
    everywhere(":", step, |bench| bench.there_and_back());
}

#[test]
fn what_does_not_hold_says_what_to_do() {
    let step =
        "assert: { check: \"test -e {{ dir }}/x\", message: \"x is missing\", fix: \"touch x\" }";
    everywhere(":", step, |bench| assert_eq!(bench.refused(1), "x is missing\n  fix: touch x\n"));
    everywhere("touch x", step, |bench| bench.check(0));
    everywhere(":", "assert: { that: facts.home == '/home/ops', message: no }", |bench| {
        bench.check(0)
    });
    everywhere(":", "assert: { that: facts.home == '/', message: it is not }", |bench| {
        assert_eq!(bench.refused(1), "it is not\n");
    });
}

#[test]
fn a_port_that_listens_is_seen_without_a_connection() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    everywhere(":", &format!("wait: {{ port: {port} }}"), |bench| bench.check(0));
    drop(listener);
    everywhere(":", &format!("wait: {{ port: {port}, within: 0s }}"), |bench| {
        assert!(bench.refused(1).contains("in time"));
    });
}

#[test]
fn a_file_is_waited_for() {
    everywhere("touch x", "wait: { path: \"{{ dir }}/x\" }", |bench| bench.check(0));
    everywhere("touch x", "wait: { path: \"{{ dir }}/x\", absent: true, within: 0s }", |bench| {
        drop(bench.refused(1))
    });
}

const REPO: &str = "
    git init -q -b main repo; cd repo
    git config user.email a@b; git config user.name a
    echo 1 >f; git add f; git commit -qm 1; git tag v1
    echo 2 >f; git commit -qam 2; git tag -a v2 -m 2; echo 3 >f; git commit -qam 3";

#[test]
fn a_repository_is_checked_out_at_a_tag_a_branch_and_a_commit() {
    for revision in ["v1", "v2", "main", "HEAD"] {
        let step = format!(
            "git: {{ repo: \"{{{{ dir }}}}/repo\", dest: \"{{{{ dir }}}}/clone\", ref: {revision} }}"
        );
        everywhere_with_tools(REPO, &step, |bench| {
            bench.there_and_back();
            bench.apply();
            let held = std::fs::read_to_string(bench.dir.join("clone/f")).unwrap();
            let expected = match revision {
                "v1" => "1\n",
                "v2" => "2\n",
                _ => "3\n",
            };
            assert_eq!(held, expected);
        });
    }
}

#[test]
fn local_changes_in_a_clone_are_never_thrown_away() {
    let setup = format!(
        "({REPO}); git clone -q repo clone; git -C clone checkout -q v1; echo mine >clone/f"
    );
    let step = "git: { repo: \"{{ dir }}/repo\", dest: \"{{ dir }}/clone\", ref: v2 }";
    everywhere_with_tools(&setup, step, |bench| {
        assert!(bench.refused(1).contains("changes of its own"));
        assert_eq!(std::fs::read_to_string(bench.dir.join("clone/f")).unwrap(), "mine\n");
    });
    everywhere_with_tools(&format!("({REPO}); mkdir clone; touch clone/x"), step, |bench| {
        drop(bench.refused(2))
    });
}

#[test]
fn an_archive_fills_an_empty_folder_and_no_other() {
    let setup = "echo x >f; tar -cf a.tar f; rm f; touch -d '-1 hour' a.tar; mkdir -m 700 out";
    let step = "unpack: { archive: \"{{ dir }}/a.tar\", dest: \"{{ dir }}/out\" }";
    everywhere(setup, step, |bench| {
        bench.there_and_back();
        bench.apply();
        assert!(bench.snapshot()["out"].starts_with("40700 "), "{}", bench.snapshot()["out"]);
    });
    let older = format!(
        "{setup}; echo old >out/old; echo 1 >out/.shelter-unpacked; touch -d '-2 hours' out/.shelter-unpacked"
    );
    everywhere(&older, step, |bench| bench.there_and_back());
    everywhere(&format!("{setup}; touch out/mine"), step, |bench| drop(bench.refused(2)));
}

#[test]
fn an_archive_becomes_a_folder_of_its_own() {
    let setup = "mkdir -p 'src/top/a b'; echo x >'src/top/a b/-f'; ln -s ../top src/top/l; tar -czf a.tgz -C src top; rm -r src; touch -d '-1 hour' a.tgz";
    let step = "unpack: { archive: \"{{ dir }}/a.tgz\", dest: \"{{ dir }}/out\", strip: true }";
    everywhere(setup, step, |bench| {
        bench.there_and_back();
        bench.apply();
        assert_eq!(std::fs::read_to_string(bench.dir.join("out/a b/-f")).unwrap(), "x\n");
    });
}

#[test]
fn a_file_of_the_console_is_fetched() {
    everywhere(":", "fetch: { path: \"{{ dir }}/f\", from: bytes, mode: \"0600\" }", |bench| {
        bench.there_and_back()
    });
}

#[test]
fn an_environment_of_python_holds_what_its_requirements_say() {
    let step = "venv: { path: \"{{ dir }}/venv\", requirements: \"# nothing\\n\", imports: [pip] }";
    let shell = super::bench::shells()[0].clone();
    super::bench::Bench::new(shell.clone(), ":", step).there_and_back();
}

#[test]
fn a_package_that_apt_does_not_know_is_not_foretold() {
    let check = |first: &'static str, status| {
        everywhere(":", "package: [nosuchpkg-xyz]", |bench| bench.check_given(first, status));
    };
    check("r_foretell=1\npackage_apt() { return 0; }", 10);
    check("r_foretell=1\npackage_apt() { return 100; }\npackage_stale() { return 1; }", 2);
    check("r_foretell=1\npackage_apt() { return 100; }\npackage_stale() { return 0; }", 11);
}

#[test]
fn a_host_without_a_way_to_its_packages_says_so_in_a_line_with_the_way_on() {
    let apt = |told: &str, complaint: &str| {
        format!("package_apt() {{ printf '{told}'; printf '{complaint}' >&2; return 100; }}\n")
    };
    let source = "http://deb.example.org/debian bookworm";
    let unresolved = apt(
        "",
        "W: Failed to fetch http://deb.example.org/debian/InRelease  Temporary failure resolving\\n\
         E: Unable to locate package htop\\n",
    );
    let cut = apt(
        &format!(
            "Err:2 {source} Release\\n  Cannot initiate the connection. - connect (101: Network is unreachable)\\n"
        ),
        "E: The repository is not there.\\n",
    );
    let misspelt = apt("", "E: Unable to locate package htop\\n");
    for (apt, cause) in [
        (
            unresolved,
            "no packages: this host cannot find out where deb.example.org is: no name server answers\n  fix: ip route",
        ),
        (cut, "no packages: this host has no way to deb.example.org\n  fix: ip route"),
        (misspelt, "no packages: no source of this host has htop\n  fix: apt-cache search"),
    ] {
        everywhere(":", "package: [htop]", |bench| {
            let said = bench.apply_given(&format!("package_wait() {{ :; }}\n{apt}"), 1);
            assert!(said.ends_with(&format!("{}\n", said.lines().last().unwrap())), "{said}");
            assert!(said.contains(cause), "{said}");
        });
    }
}
