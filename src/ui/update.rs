//! Keys become actions, actions become changes and effects. Pure: what has to be done outside is handed back.

use crossterm::event::KeyEvent;

use super::action::{Action, Place};
use super::effect::{Effect, Wish};
use super::keymap::Key;
use super::model::Model;
use super::moment::Moment;
use super::overlay::{Confirm, Overlay, Question};
use super::scene::Scene;
use super::typing::{Typed, Typing};
use super::window::Window;
use super::world::Footing;

/// What whoever may change nothing is told.
pub(super) const READ_ONLY: &str = "this console is read-only: nothing is changed";

impl Model {
    /// Takes a key. What is to be done outside is handed back.
    pub fn press(&mut self, event: &KeyEvent, moment: Moment<'_>) -> Vec<Effect> {
        self.notice = None;
        let key = Key::of(event);
        let wished = if !self.prompts.is_empty() {
            self.press_prompt(event)
        } else if self.over.is_some() {
            self.press_over(event, moment)
        } else if self.filter.is_some() {
            self.press_filter(event, moment)
        } else if matches!(self.world.standing, Footing::NoInventory(_)) {
            self.press_welcome(event)
        } else {
            match self.keymap.action(key) {
                Some(action) => self.act(action, moment),
                None => Vec::new(),
            }
        };
        self.settle(wished, moment)
    }

    /// Takes a text that was pasted: where something is typed, and nowhere else.
    pub fn paste(&mut self, text: &str) {
        if let Some(answer) = self.answer.last_mut() {
            answer.paste(text);
        } else if let Some(Overlay::Palette(palette)) = &mut self.over {
            palette.paste(text);
        } else if let Some(Overlay::Adding(adding)) = &mut self.over {
            adding.paste(text);
        } else if let Some(filter) = &mut self.filter {
            filter.paste(text);
        }
    }

    /// What an action comes to, before it is settled.
    pub(super) fn act(&mut self, action: Action, moment: Moment<'_>) -> Vec<Effect> {
        match action {
            Action::Go(place) => vec![Effect::Go(place)],
            Action::Quit => self.leave(moment),
            Action::Filter => {
                self.filter = Some(Typing::of(self.filter_text()));
                Vec::new()
            }
            action if !self.offers(action) => vec![Effect::Say(READ_ONLY.to_owned())],
            Action::Palette | Action::Help | Action::Alerts | Action::AddHost => {
                self.over = Overlay::of(action);
                Vec::new()
            }
            // What is acknowledged is looked at first.
            Action::Acknowledge => {
                self.over = Overlay::of(Action::Alerts);
                Vec::new()
            }
            Action::Shorter => self.window(self.world.window.shorter()),
            Action::Longer => self.window(self.world.window.longer()),
            Action::Freeze => {
                self.world.freeze(moment.now);
                Vec::new()
            }
            Action::Mouse => {
                self.mouse = !self.mouse;
                vec![Effect::Mouse(self.mouse)]
            }
            Action::Zoom => {
                self.world.zoom = !self.world.zoom;
                Vec::new()
            }
            Action::Repaint => vec![Effect::Repaint],
            Action::Suspend => vec![Effect::Suspend],
            other => self.act_on_screen(other, moment),
        }
    }

    fn act_on_screen(&mut self, action: Action, moment: Moment<'_>) -> Vec<Effect> {
        let scene = self.world.scene(moment.fleet, moment.now);
        let wished = match self.place {
            Place::Shelter => self.shelter.on(action, &scene),
            Place::Host => self.host.on(action, &scene),
            Place::Plays => self.plays.on(action, &scene),
            Place::Bench => self.bench.on(action, &scene),
            Place::Log => self.log.on(action, &scene),
        };
        match action {
            // A screen that has nothing to go back from is left for the first one, and that one for the shell.
            Action::Back if wished.is_empty() && self.place == Place::Shelter => {
                self.over = Some(Overlay::Confirm(Confirm::of(Question::Leave)));
                Vec::new()
            }
            Action::Back if wished.is_empty() => vec![Effect::Go(Place::Shelter)],
            _ => wished,
        }
    }

    /// Whether that may be done here at all.
    pub(super) fn offers(&self, action: Action) -> bool {
        !(self.world.read_only && action.changes())
    }

    fn window(&mut self, window: Window) -> Vec<Effect> {
        self.world.window = window;
        Vec::new()
    }

    /// Leaves at once where nothing goes on, else after a question.
    fn leave(&mut self, moment: Moment<'_>) -> Vec<Effect> {
        if self.scene(moment).live().next().is_none() {
            return vec![Effect::Leave];
        }
        self.over = Some(Overlay::Confirm(Confirm::of(Question::Leave)));
        Vec::new()
    }

    /// Carries out what concerns the console itself, and keeps the rest.
    pub(super) fn settle(&mut self, wished: Vec<Effect>, moment: Moment<'_>) -> Vec<Effect> {
        let mut outside = Vec::new();
        let mut queue = std::collections::VecDeque::from(wished);
        while let Some(effect) = queue.pop_front() {
            match effect {
                Effect::Go(place) => {
                    self.place = place;
                    queue.extend(self.enter(moment));
                }
                Effect::Choose(at) => self.world.chosen = at,
                Effect::Pick(at) => self.world.picked = at,
                Effect::Say(text) => self.notice = Some(text),
                Effect::Ask(wish) if self.is_refused(&wish) => {}
                Effect::Ask(wish) => {
                    self.over = Some(Overlay::Confirm(Confirm::of(Question::Wish(wish))));
                }
                Effect::Do(Wish::Copy(text)) => {
                    outside.push(Effect::Clip(text.clone()));
                    if self.world.read_only {
                        self.notice = Some("sent to the clipboard".to_owned());
                    } else {
                        outside.push(Effect::Do(Wish::Copy(text)));
                    }
                }
                Effect::Do(wish) if self.is_refused(&wish) => {}
                Effect::Do(wish) => {
                    if let Wish::Run(_) | Wish::Undo(_) | Wish::Resume(_) = &wish {
                        self.place = Place::Plays;
                        self.plays.watch_next();
                    }
                    outside.push(Effect::Do(wish));
                }
                other => outside.push(other),
            }
        }
        outside
    }

    /// A screen comes into view.
    fn enter(&mut self, moment: Moment<'_>) -> Vec<Effect> {
        let scene = self.world.scene(moment.fleet, moment.now);
        match self.place {
            Place::Plays => self.plays.enter(&scene),
            _ => Vec::new(),
        }
    }

    fn is_refused(&mut self, wish: &Wish) -> bool {
        let refused = self.world.read_only && wish.changes();
        if refused {
            self.notice = Some(READ_ONLY.to_owned());
        }
        refused
    }

    fn press_filter(&mut self, event: &KeyEvent, moment: Moment<'_>) -> Vec<Effect> {
        let Some(filter) = &mut self.filter else { return Vec::new() };
        match filter.press(event) {
            Typed::Changed => {
                let text = filter.text().to_owned();
                self.narrow(&text);
                return self.pick_shown(moment);
            }
            Typed::Done => self.filter = None,
            Typed::GivenUp => {
                self.filter = None;
                self.narrow("");
            }
            Typed::Nothing => {}
        }
        Vec::new()
    }

    fn narrow(&mut self, text: &str) {
        match self.place {
            Place::Shelter => self.shelter.filter(text),
            Place::Plays => self.plays.filter(text),
            Place::Log => self.log.filter(text),
            Place::Host | Place::Bench => {}
        }
    }

    /// The cursor stands on what is shown, also once less is shown.
    fn pick_shown(&self, moment: Moment<'_>) -> Vec<Effect> {
        let scene = self.scene(moment);
        let shown = match self.place {
            Place::Shelter => self.shelter.shown(&scene),
            Place::Plays => self.plays.shown(&scene),
            Place::Host | Place::Bench | Place::Log => return Vec::new(),
        };
        match shown.first() {
            Some(first) if !shown.contains(&scene.picked) => {
                let mut effects = vec![Effect::Pick(*first)];
                if self.place == Place::Plays {
                    effects.extend(self.plays.plan(&Scene { picked: *first, ..scene }));
                }
                effects
            }
            _ => Vec::new(),
        }
    }

    fn filter_text(&self) -> &str {
        match self.place {
            Place::Shelter => self.shelter.filtered(),
            Place::Plays => self.plays.filtered(),
            Place::Log => self.log.filtered(),
            Place::Host | Place::Bench => "",
        }
    }

    /// What there is to look at.
    pub fn scene<'a>(&'a self, moment: Moment<'a>) -> Scene<'a> {
        self.world.scene(moment.fleet, moment.now)
    }
}
