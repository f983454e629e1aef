//! One setting taken over, passed over, or refused by name.

use super::Setting;
use super::keyword::{self, Fate};
use super::lookup::Gathering;
use crate::config::wildcard;
use crate::text::{Report, Spanned};

/// Takes over a setting that is about the host; only the first of each keyword counts.
pub(super) fn setting(gathering: &mut Gathering<'_>, setting: &Setting) {
    let keyword = setting.keyword.as_str();
    match keyword::fate(keyword) {
        Fate::Heeded => heed(gathering, setting),
        Fate::Ignored => {}
        Fate::Refused(way) => {
            let value = setting.arguments.first().map_or("", |argument| &argument.value);
            let counts = matters(gathering, setting);
            gathering.seen.insert(keyword.to_owned());
            // One line may be about many hosts; the first one is named.
            let said = gathering.reports.about(&setting.keyword_span);
            if counts && !said && !keyword::says_nothing(keyword, value) {
                gathering.reports.push(refusal(setting, gathering.asked.name, way));
            }
        }
        Fate::Unknown => {
            if !gathering.ignored.iter().any(|pattern| wildcard::matches(pattern, keyword)) {
                gathering.reports.push(unknown(setting));
            }
        }
    }
}

/// Whether a setting, if it is about the host, would change anything.
pub(super) fn matters(gathering: &Gathering<'_>, setting: &Setting) -> bool {
    let seen = |keyword: &str| gathering.seen.contains(keyword);
    match setting.keyword.as_str() {
        "identityfile" => true,
        // Of these two the first one decides about both, and a jump in shelter.yaml about all.
        "proxycommand" | "proxyjump" => {
            !seen("proxycommand") && !seen("proxyjump") && !gathering.asked.jump_given
        }
        keyword => {
            let idle = matches!(keyword::fate(keyword), Fate::Ignored | Fate::Unknown);
            !idle && !seen(keyword)
        }
    }
}

fn refusal(setting: &Setting, host: &str, way: &str) -> Report {
    let name = setting.keyword_span.text();
    Report::error(format!("`{name}` is not supported, and the way to `{host}` needs it"))
        .at(&setting.keyword_span)
        .help(way)
}

fn unknown(setting: &Setting) -> Report {
    let name = setting.keyword_span.text();
    let report = Report::error(format!("unknown keyword `{name}`")).at(&setting.keyword_span);
    let report = report.nearest(&setting.keyword, keyword::all());
    if report.help.is_some() {
        report
    } else {
        report.help(format!("`IgnoreUnknown {name}` before it"))
    }
}

fn heed(gathering: &mut Gathering<'_>, setting: &Setting) {
    let Some(first) = setting.arguments.first() else {
        let message = format!("`{}` without a value", setting.keyword_span.text());
        gathering.reports.push(Report::error(message).at(&setting.keyword_span));
        return;
    };
    if !matters(gathering, setting) {
        return;
    }
    gathering.seen.insert(setting.keyword.clone());
    let found = &mut gathering.found;
    match setting.keyword.as_str() {
        "hostname" => found.host_name = Some(first.clone()),
        "user" => found.user = Some(first.clone()),
        "port" => found.port = Some(first.clone()),
        "identityfile" => found.identity_files.extend(some(first)),
        "identitiesonly" => match yes_or_no(&first.value) {
            Some(yes) => found.identities_only = yes,
            None => gathering.reports.push(no_answer(first)),
        },
        "proxyjump" => found.jump = Some(first.clone()),
        "userknownhostsfile" => found.known_hosts = setting.arguments.iter().map(file).collect(),
        "hostkeyalias" => found.host_key_alias = Some(first.value.clone()),
        "ignoreunknown" => {
            let patterns = first.value.split(',').map(str::to_ascii_lowercase);
            gathering.ignored = patterns.collect();
        }
        _ => {}
    }
}

/// `none` is a file in which nothing stands.
fn file(argument: &Spanned<String>) -> Spanned<String> {
    let none = argument.value.eq_ignore_ascii_case("none");
    argument.clone().map(|value| if none { "/dev/null".to_owned() } else { value })
}

fn some(file: &Spanned<String>) -> Option<Spanned<String>> {
    (!file.value.eq_ignore_ascii_case("none")).then(|| file.clone())
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

fn no_answer(value: &Spanned<String>) -> Report {
    Report::error(format!("`{}` is neither yes nor no", value.value))
        .at(&value.span)
        .expected("`yes` or `no`")
}
