//! Parser events to tree, within limits; everything wrong is collected, only broken syntax ends it.

use super::syntax;
use super::{Data, Entry, Node, Scalar};
use crate::text::{Report, Reports, Source, Span};
use granit_parser::{Event, Parser, ScalarStyle};
use std::collections::HashMap;
use std::sync::Arc;

/// The nodes of a document, those that aliases repeat included: past a hundred thousand it is no
/// longer written by hand, and an alias bomb ends here.
const MAX_NODES: usize = 100_000;
/// The bytes of all scalars, those that aliases repeat included.
const MAX_TEXT: usize = 16 << 20;
/// The levels of lists and maps in each other; it also bounds the recursion of whoever reads a tree.
const MAX_DEPTH: usize = 64;
/// The anchors among which the nearest name is looked for.
const NAMES: usize = 64;

/// The document in `source`, or `None` if it cannot be read on; what is wrong goes to `reports`.
/// An empty source is a document of nothing.
pub fn parse(source: &Source, reports: &mut Reports) -> Option<Node> {
    if !syntax::admit(source, reports) {
        return None;
    }
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut build = Build::new(source, reports);
    for event in Parser::new_from_str_with_options(source.text(), options) {
        let step = match event {
            Ok((event, span)) => build.event(event, &span),
            Err(error) => Err(Box::new(syntax::report(source, &error))),
        };
        if let Err(report) = step {
            build.reports.push(*report);
            return None;
        }
    }
    Some(build.root.unwrap_or(Node { span: source.span(0..0), data: Data::Null }))
}

/// An error after which reading on makes no sense.
type Step = Result<(), Box<Report>>;

struct Build<'a> {
    source: &'a Source,
    reports: &'a mut Reports,
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, Size)>,
    names: Vec<String>,
    root: Option<Node>,
    documents: usize,
    used: Size,
}

/// What a subtree costs.
#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    text: usize,
    depth: usize,
}

/// A list or map that is being read.
struct Open {
    anchor: usize,
    start: usize,
    size: Size,
    inside: Inside,
}

enum Inside {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, seen: HashMap<Arc<str>, Span>, key: Option<Key> },
}

enum Key {
    Good(Arc<str>, Span),
    /// Already reported; its value is dropped.
    Bad,
}

impl<'a> Build<'a> {
    fn new(source: &'a Source, reports: &'a mut Reports) -> Self {
        Self {
            source,
            reports,
            open: Vec::new(),
            anchors: HashMap::new(),
            names: Vec::new(),
            root: None,
            documents: 0,
            used: Size::default(),
        }
    }

    fn event(&mut self, event: Event<'_>, span: &granit_parser::Span) -> Step {
        let place = self.span(span);
        if let Some(tag) = span.tag_span() {
            self.refuse_tag(&tag);
        }
        match event {
            Event::DocumentStart(..) => self.document(&place),
            Event::Scalar(text, style, anchor, _) => self.scalar(&text, style, anchor, place),
            Event::SequenceStart(_, anchor, _) => {
                self.begin(anchor, &place, Inside::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, _) => {
                let (entries, seen) = (Vec::new(), HashMap::new());
                self.begin(anchor, &place, Inside::Map { entries, seen, key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(&place),
            Event::Anchor(_, name) => {
                if self.names.len() < NAMES {
                    self.names.push(name.into_owned());
                }
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, place),
            Event::UnresolvedAlias(name) => {
                let known = self.names.iter().map(String::as_str);
                let report = Report::error(format!("unknown alias `*{name}`")).at(&place);
                self.reports.push(report.nearest(&name, known));
                self.add(
                    Node { span: place, data: Data::Broken },
                    Size { nodes: 1, text: 0, depth: 0 },
                )
            }
            _ => Ok(()),
        }
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        let offset = |mark: granit_parser::Marker| mark.byte_offset().unwrap_or_default();
        let range = offset(span.start)..offset(span.end);
        let trimmed = self.source.span(range).text().trim_end().len();
        let start = offset(span.start);
        self.source.span(start..start + trimmed)
    }

    fn document(&mut self, place: &Span) -> Step {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        Err(Box::new(
            Report::error("a second document begins here")
                .at(place)
                .expected("one document in a file")
                .help("remove the `---`, or put what follows in a file of its own"),
        ))
    }

    fn refuse_tag(&mut self, tag: &granit_parser::Span) {
        let place = self.span(tag);
        self.reports.push(
            Report::error(format!("tag `{}`", place.text()))
                .at(&place)
                .expected("a value without a tag")
                .help("put the value in quotes if a text is meant"),
        );
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, span: Span) -> Step {
        let scalar = Scalar { text: text.into(), quoted: style != ScalarStyle::Plain };
        let null = scalar.resolve() == super::Resolved::Null;
        let node =
            Node { span, data: if null { Data::Null } else { Data::Scalar(scalar.clone()) } };
        let size = Size { nodes: 1, text: text.len(), depth: 0 };
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        if self.awaits_key() { self.key(scalar, node.span) } else { self.add(node, size) }
    }

    fn begin(&mut self, anchor: usize, place: &Span, inside: Inside) -> Step {
        if self.open.len() >= MAX_DEPTH {
            return Err(Box::new(too_deep().at(place)));
        }
        let start = place.range().start;
        self.open.push(Open { anchor, start, size: Size { nodes: 1, text: 0, depth: 1 }, inside });
        Ok(())
    }

    fn end(&mut self, place: &Span) -> Step {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let data = match open.inside {
            Inside::List(nodes) => Data::List(nodes),
            Inside::Map { entries, .. } => Data::Map(entries),
        };
        let written = &self.source.text()[open.start..place.range().end.max(open.start)];
        let span = self.source.span(open.start..open.start + written.trim_end().len());
        let node = Node { span, data };
        if open.anchor > 0 {
            self.anchors.insert(open.anchor, (node.clone(), open.size));
        }
        // Its parts were counted when they came.
        self.used.nodes -= open.size.nodes - 1;
        self.used.text -= open.size.text;
        self.add(node, open.size)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Step {
        match self.anchors.get(&anchor) {
            Some((node, size)) if self.fits(*size) => {
                let (node, size) = (Node { span, data: node.data.clone() }, *size);
                self.add(node, size)
            }
            Some(_) => Err(Box::new(too_large().at(&span))),
            None => {
                let report = Report::error(format!("`{}` stands inside of itself", span.text()));
                self.reports.push(report.at(&span).expected("an alias of something complete"));
                self.add(Node { span, data: Data::Broken }, Size { nodes: 1, text: 0, depth: 0 })
            }
        }
    }

    fn fits(&self, size: Size) -> bool {
        self.used.nodes + size.nodes <= MAX_NODES
            && self.used.text + size.text <= MAX_TEXT
            && self.open.len() + size.depth <= MAX_DEPTH
    }

    /// Puts a complete node where it belongs.
    fn add(&mut self, node: Node, size: Size) -> Step {
        if !self.fits(size) {
            return Err(Box::new(too_large().at(&node.span)));
        }
        self.used.nodes += size.nodes;
        self.used.text += size.text;
        if self.awaits_key() {
            return self.odd_key(&node);
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.size.nodes += size.nodes;
        open.size.text += size.text;
        open.size.depth = open.size.depth.max(size.depth + 1);
        match &mut open.inside {
            Inside::List(nodes) => nodes.push(node),
            Inside::Map { entries, key, .. } => {
                if let Some(Key::Good(key, key_span)) = key.take() {
                    entries.push(Entry { key, key_span, value: node });
                }
            }
        }
        Ok(())
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { inside: Inside::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, scalar: Scalar, span: Span) -> Step {
        let Some(Open { inside: Inside::Map { seen, key, .. }, size, .. }) = self.open.last_mut()
        else {
            return Ok(());
        };
        let nameless = scalar.text.is_empty() || scalar.resolve() == super::Resolved::Null;
        let name = scalar.text;
        size.text += name.len();
        self.used.text += name.len();
        *key = Some(Key::Bad);
        let report = if nameless {
            Report::error("a value without a name").at(&span).expected("a name before the `:`")
        } else if &*name == "<<" && !scalar.quoted {
            Report::error("merge key `<<`")
                .at(&span)
                .help("YAML 1.2 has no merge keys: write the fields out, or alias the whole value")
        } else if let Some(first) = seen.get(&name) {
            Report::error(format!("`{name}` is given twice"))
                .at(&span)
                .also(first, "first given here")
                .help("remove one of them")
        } else {
            seen.insert(name.clone(), span.clone());
            *key = Some(Key::Good(name, span));
            return Ok(());
        };
        self.reports.push(report);
        Ok(())
    }

    fn odd_key(&mut self, node: &Node) -> Step {
        if !node.is_broken() {
            let report = Report::error(format!("{} as a name", node.kind())).at(&node.span);
            self.reports.push(report.expected("a text before the `:`"));
        }
        if let Some(Open { inside: Inside::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(Key::Bad);
        }
        Ok(())
    }
}

fn too_deep() -> Report {
    Report::error("nested too deeply").help(format!("nest at most {MAX_DEPTH} levels"))
}

fn too_large() -> Report {
    Report::error("too much for one document").expected(format!(
        "at most {MAX_NODES} values and {} MiB of text, aliases written out",
        MAX_TEXT >> 20
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tree, briefly, or what is wrong with it: message and place.
    fn tree(text: &str) -> String {
        let mut reports = Reports::new();
        let node = parse(&Source::new("f", text), &mut reports);
        if reports.is_empty() {
            return node.map_or_else(String::new, |node| brief(&node));
        }
        let said = reports.iter().map(|report| match &report.place {
            Some(span) => format!("{} at {} {:?}", report.message, span, span.text()),
            None => report.message.clone(),
        });
        said.collect::<Vec<_>>().join("; ")
    }

    fn brief(node: &Node) -> String {
        match &node.data {
            Data::Null => "null".into(),
            Data::Broken => "broken".into(),
            Data::Scalar(scalar) if scalar.quoted => format!("{:?}", scalar.text),
            Data::Scalar(scalar) => scalar.text.to_string(),
            Data::List(nodes) => {
                format!("[{}]", nodes.iter().map(brief).collect::<Vec<_>>().join(" "))
            }
            Data::Map(entries) => {
                let entry = |e: &Entry| format!("{}={}", e.key, brief(&e.value));
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(" "))
            }
        }
    }

    #[test]
    fn documents_become_trees() {
        let cases = [
            ("", "null"),
            ("# nothing\n", "null"),
            ("---\na: 1\n...\n", "{a=1}"),
            ("\u{feff}a: [1, 'x', ~]\nb: {c: }\n", "{a=[1 \"x\" null] b={c=null}}"),
            ("a: &x {b: no}\nc: *x\nd: [*x]", "{a={b=no} c={b=no} d=[{b=no}]}"),
            ("a: |\n  x\n  y\n", "{a=\"x\\ny\\n\"}"),
            ("'<<': 1", "{<<=1}"),
            ("? a\n: b", "{a=b}"),
        ];
        for (text, expected) in cases {
            assert_eq!(tree(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let cases = [
            ("a: 1\nb: 2\na: 3", "`a` is given twice at f:3:1 \"a\""),
            ("a: *b", "unknown alias `*b` at f:1:4 \"*b\""),
            ("a: &x [*x]", "`*x` stands inside of itself at f:1:8 \"*x\""),
            ("a: 1\n---\nb: 2", "a second document begins here at f:2:1 \"---\""),
            ("a: !!str 1", "tag `!!str` at f:1:4 \"!!str\""),
            ("<<: 1", "merge key `<<` at f:1:1 \"<<\""),
            ("[a]: 1", "a list as a name at f:1:1 \"[a]\""),
            (": 1", "a value without a name at f:1:1 \"\""),
            ("a:\n\tb: 1", "a tab in the indentation at f:2:1 \"\\t\""),
            ("a: b: c", "a `:` where no name can stand at f:1:5 \":\""),
            ("a: 'b", "a quote is opened and never closed at f:1:4 \"'\""),
            ("a\u{1b}", "control character U+001B at f:1:2 \"\\u{1b}\""),
            ("a: \u{202e}b", "invisible character U+202E at f:1:4 \"\\u{202e}\""),
        ];
        for (text, expected) in cases {
            assert_eq!(tree(text), expected, "{text:?}");
        }
    }

    #[test]
    fn everything_but_broken_syntax_is_found_in_one_go() {
        let found = tree("a: !x 1\na: *u\nb: {<<: 1}");
        assert_eq!(found.matches(" at f:").count(), 4, "{found}");
    }

    #[test]
    fn bombs_end_early() {
        let ladder = |rungs: usize| {
            let rung = |n: usize| {
                format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(","))
            };
            "a0: &a0 x\n".to_owned() + &(1..=rungs).map(rung).collect::<String>()
        };
        assert!(tree(&ladder(3)).starts_with("{a0="));
        assert!(tree(&ladder(9)).starts_with("too much for one document at f:6:"));
        let long = format!("a: &a {}\nb: [{}]", "x".repeat(1 << 20), vec!["*a"; 100].join(","));
        assert!(tree(&long).starts_with("too much for one document at f:2:"));
        assert!(tree(&"[".repeat(200_000)).starts_with("nested too deeply at f:1:65"));
        assert!(tree(&"- ".repeat(200)).starts_with("nested too deeply at f:1:"));
        assert!(tree(&format!("a: {}", "[x, ".repeat(5)).repeat(1)).contains("at f:1:"));
        assert!(tree(&"- x\n".repeat(100_001)).starts_with("too much for one document at f:"));
        assert!(tree(&"#".repeat((4 << 20) + 1)).starts_with("`f` is too large"));
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in "(?s).{0,80}") {
            tree(&text);
        }

        #[test]
        fn any_likely_text_is_parsed_or_refused(tokens in prop::collection::vec(prop::sample::select(vec![
            "a", "b: ", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ", ", "&a ", "*a", "!t ", "? ",
            "|\n", ">-\n", "'", "\"", "#", "---\n", "...\n", "<<: ", "~", "\t", "%YAML 1.2\n", "\r",
        ]), 0..40)) {
            tree(&tokens.concat());
        }
    }
}
