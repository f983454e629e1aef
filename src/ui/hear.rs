//! News become part of what the console knows. Pure.

use super::action::Place;
use super::effect::Effect;
use super::model::Model;
use super::moment::Moment;
use super::news::{News, Set};
use super::overlay::{Notice, Overlay};
use super::prompt::Prompt;
use super::stream::Happening;
use super::typing::Typing;
use super::world::Footing;
use crate::fleet::{Event, HostName, Stamped};
use crate::text::counted;
use crate::theme::{State, Theme};

impl Model {
    /// Takes something in. What follows from it outside is handed back.
    pub fn hear(&mut self, news: News, moment: Moment<'_>) -> Vec<Effect> {
        match news {
            News::Set(set) => return self.set(*set),
            News::Happened(stamped) => return self.happened(&stamped, moment),
            News::Missed(events) => return self.missed(events, moment),
            News::Shelf(shelf) => {
                self.world.shelve(shelf);
                return self.plan_again(moment);
            }
            News::Hosts { hosts, practice } => self.world.know(hosts, practice),
            News::NoInventory { place } => self.world.standing = Footing::NoInventory(place),
            News::Wrong(report) => self.world.standing = Footing::Wrong(report),
            News::Past(past) => self.world.past = past,
            News::History(history) => self.world.recall(history),
            News::Benches(benches) => self.world.benches = benches,
            News::Watchdog(standing) => self.world.watchdog = Some(*standing),
            News::Board(board) => self.world.board = board,
            News::Printed(output) => self.world.tails.push(&output),
            News::Planned(sheet) => self.plays.planned(*sheet),
            News::Replayed(run) => self.log.replayed(*run),
            News::Learned(run) => self.log.learned(*run),
            News::Asked(prompt) => self.ask(prompt),
            News::Withdrawn(question) => self.withdraw(question),
            News::Said(text) => self.notice = Some(self.warn(text, moment)),
            News::Refused(report) => self.over = Some(Overlay::Told(Notice::refused(report))),
            News::Unrecorded(report) => self.halted(report),
            News::Added(host) => self.added(host),
        }
        Vec::new()
    }

    /// What is set about the console; the mouse is taken or left where it is to be otherwise.
    fn set(&mut self, set: Set) -> Vec<Effect> {
        (self.keymap, self.effects) = (set.keymap, set.effects);
        self.world.theme = Theme::new(self.world.theme.depth(), set.glyphs);
        self.world.read_only |= set.read_only;
        match set.mouse.filter(|mouse| *mouse != self.mouse) {
            Some(mouse) => {
                self.mouse = mouse;
                vec![Effect::Mouse(mouse)]
            }
            None => Vec::new(),
        }
    }

    fn happened(&mut self, stamped: &Stamped, moment: Moment<'_>) -> Vec<Effect> {
        self.world.take(stamped);
        // What is told is recorded.
        self.world.unrecorded = None;
        self.greet(&stamped.event);
        match stamped.event {
            Event::Gathered { .. } => self.plan_again(moment),
            _ => Vec::new(),
        }
    }

    fn missed(&mut self, events: u64, moment: Moment<'_>) -> Vec<Effect> {
        self.world.tails.keep_live(moment.fleet);
        let text = format!("{} went by unseen; screen 5 has them", counted(events, "event"));
        self.warn(text, moment);
        self.plan_again(moment)
    }

    /// Puts a warning into the stream, and hands it back.
    fn warn(&mut self, text: String, moment: Moment<'_>) -> String {
        let (at, host, state) = (moment.now, None, State::Warning);
        self.world.stream.push(Happening { at, host, state, text: text.clone() });
        text
    }

    fn halted(&mut self, report: String) {
        self.world.unrecorded = report.lines().next().map(str::to_owned);
        self.over = Some(Overlay::Told(Notice::halted(report)));
    }

    fn added(&mut self, host: HostName) {
        self.notice = Some(format!("{host} is in the inventory, and is being reached"));
        self.awaited = Some(host);
    }

    /// A host that was added has answered, or has not.
    fn greet(&mut self, event: &Event) {
        let awaited = |host: &HostName| self.awaited.as_ref() == Some(host);
        let told = match event {
            Event::Gathered { host, .. } if awaited(host) => format!("{host} is here"),
            Event::Unreachable { host, failure } if awaited(host) => {
                format!("{host} is in the inventory, but cannot be reached: {}", failure.text)
            }
            _ => return,
        };
        (self.notice, self.awaited) = (Some(told), None);
    }

    /// What a plan hangs on has changed: one that is in view is asked for again.
    fn plan_again(&self, moment: Moment<'_>) -> Vec<Effect> {
        match self.place {
            Place::Plays => self.plays.plan(&self.scene(moment)),
            _ => Vec::new(),
        }
    }

    fn ask(&mut self, prompt: Prompt) {
        if self.prompts.is_empty() {
            self.answer = begun(&prompt);
        }
        self.prompts.push_back(prompt);
    }

    /// The first question is dealt with: the next one comes up.
    pub(super) fn next_prompt(&mut self) {
        self.prompts.pop_front();
        self.answer = self.prompts.front().map(begun).unwrap_or_default();
    }

    fn withdraw(&mut self, question: u64) {
        if self.prompts.front().is_some_and(|prompt| prompt.id == question) {
            self.next_prompt();
        } else {
            self.prompts.retain(|prompt| prompt.id != question);
        }
    }
}

/// The first field of a question, empty.
fn begun(prompt: &Prompt) -> Vec<Typing> {
    prompt.fields.first().map(|_| Typing::default()).into_iter().collect()
}
