//! News become part of what the console knows. Pure.

use super::action::Place;
use super::effect::Effect;
use super::model::Model;
use super::news::News;
use super::overlay::Overlay;
use super::prompt::Prompt;
use super::stream::Happening;
use super::typing::Typing;
use super::update::Moment;
use super::world::Footing;
use crate::fleet::{Event, HostName};
use crate::text::counted;
use crate::theme::{State, Theme};

impl Model {
    /// Takes something in. What follows from it outside is handed back.
    pub fn hear(&mut self, news: News, moment: Moment<'_>) -> Vec<Effect> {
        match news {
            News::Hosts { hosts, practice } => self.world.know(hosts, practice),
            News::Set { keymap, mouse, read_only, glyphs, effects } => {
                (self.keymap, self.effects) = (keymap, effects);
                self.world.theme = Theme::new(self.world.theme.depth(), glyphs);
                self.world.read_only |= read_only;
                if let Some(mouse) = mouse.filter(|mouse| *mouse != self.mouse) {
                    self.mouse = mouse;
                    return vec![Effect::Mouse(mouse)];
                }
            }
            News::NoInventory { place } => self.world.standing = Footing::NoInventory(place),
            News::Wrong(report) => self.world.standing = Footing::Wrong(report),
            News::Shelf(shelf) => {
                self.world.shelve(shelf);
                return self.plan_again(moment);
            }
            News::Past(past) => self.world.past = past,
            News::History(history) => self.world.history = history,
            News::Benches(benches) => self.world.benches = benches,
            News::Watchdog(standing) => self.world.watchdog = Some(*standing),
            News::Board(board) => self.world.board = board,
            News::Happened(stamped) => {
                self.world.take(&stamped);
                // What is told is recorded.
                self.world.unrecorded = None;
                self.greet(&stamped.event);
                if matches!(stamped.event, Event::Gathered { .. }) {
                    return self.plan_again(moment);
                }
            }
            News::Missed(events) => {
                self.world.tails.keep_live(moment.fleet);
                let text =
                    format!("{} went by unseen; screen 5 has them", counted(events, "event"));
                let (at, host, state) = (moment.now, None, State::Warning);
                self.world.stream.push(Happening { at, host, state, text });
                return self.plan_again(moment);
            }
            News::Printed(output) => self.world.tails.push(&output),
            News::Planned(sheet) => self.plays.planned(*sheet),
            News::Replayed(run) => self.log.replayed(*run),
            News::Asked(prompt) => self.ask(prompt),
            News::Withdrawn(question) => self.withdraw(question),
            News::Said(text) => {
                let (at, host, state) = (moment.now, None, State::Warning);
                self.world.stream.push(Happening { at, host, state, text: text.clone() });
                self.notice = Some(text);
            }
            News::Unrecorded(report) => {
                self.world.unrecorded = report.lines().next().map(str::to_owned);
                self.over = Some(Overlay::Halted(report));
            }
            News::Added(host) => {
                self.notice = Some(format!("{host} is in the inventory, and is being reached"));
                self.awaited = Some(host);
            }
        }
        Vec::new()
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
