//! The mouse: a click goes to what is under it, a second one opens it, the wheel scrolls. All of it can be done with
//! keys, and the terminal can have the mouse for itself.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::action::{Action, Place};
use super::draw::{body, tab_at};
use super::effect::Effect;
use super::model::Model;
use super::moment::Moment;
use super::overlay::Overlay;
use super::touch::{Kind, Touch};
use super::world::Footing;

impl Model {
    /// Takes what the mouse did.
    pub fn point(&mut self, mouse: MouseEvent, size: Rect, moment: Moment<'_>) -> Vec<Effect> {
        if !self.prompts.is_empty() || self.world.standing != Footing::Known {
            return Vec::new();
        }
        let at = Position { x: mouse.column, y: mouse.row };
        let kind = match mouse.kind {
            MouseEventKind::ScrollUp => Kind::Wheel(Action::Up),
            MouseEventKind::ScrollDown => Kind::Wheel(Action::Down),
            MouseEventKind::Down(MouseButton::Left) => Kind::Click,
            MouseEventKind::Down(MouseButton::Right) => return self.back(moment),
            _ => return Vec::new(),
        };
        self.notice = None;
        let touch = Touch { at, kind };
        let wished = if self.over.is_some() {
            self.touch_over(touch, size, moment)
        } else {
            self.touch_screen(touch, size, moment)
        };
        self.settle(wished, moment)
    }

    fn back(&mut self, moment: Moment<'_>) -> Vec<Effect> {
        let wished = match self.over.take() {
            Some(_) => Vec::new(),
            None => self.act(Action::Back, moment),
        };
        self.settle(wished, moment)
    }

    fn touch_screen(&mut self, touch: Touch, size: Rect, moment: Moment<'_>) -> Vec<Effect> {
        if let Some(place) = tab_at(touch.at, size).filter(|_| touch.kind == Kind::Click) {
            return vec![Effect::Go(place)];
        }
        let area = body(size);
        let scene = self.world.scene(moment.fleet, moment.now);
        match self.place {
            Place::Shelter => self.shelter.touch(touch, &scene, area),
            Place::Host => self.host.touch(touch, &scene, area),
            Place::Plays => self.plays.touch(touch, &scene, area),
            Place::Bench => self.bench.touch(touch, &scene, area),
            Place::Log => self.log.touch(touch, &scene, area),
        }
    }

    fn touch_over(&mut self, touch: Touch, size: Rect, moment: Moment<'_>) -> Vec<Effect> {
        match &mut self.over {
            Some(Overlay::Palette(_)) => self.touch_palette(touch, size, moment),
            Some(Overlay::Confirm(_)) => self.touch_confirm(touch, size, moment),
            Some(Overlay::Help(help)) => match touch.kind {
                Kind::Wheel(action) => {
                    help.press(Some(action));
                    Vec::new()
                }
                Kind::Click => self.close(),
            },
            Some(Overlay::Alerts(_)) => match touch.kind {
                Kind::Wheel(action) => {
                    self.go_alerts(action, moment);
                    Vec::new()
                }
                Kind::Click => self.close(),
            },
            Some(Overlay::Told(_) | Overlay::Adding(_)) | None => match touch.kind {
                Kind::Wheel(_) => Vec::new(),
                Kind::Click => self.close(),
            },
        }
    }

    fn close(&mut self) -> Vec<Effect> {
        self.over = None;
        Vec::new()
    }
}
