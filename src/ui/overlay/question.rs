//! A question that somebody waits for: a passphrase, a password, whether a key is to be trusted. One at a time.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sheet::lay;
use crate::reach::Secret;
use crate::theme::{Role, Theme};
use crate::ui::effect::{Effect, Wish};
use crate::ui::fit::{below, line, row};
use crate::ui::model::Model;
use crate::ui::prompt::Answer;
use crate::ui::typing::{Typed, Typing};

impl Model {
    /// A key while a question waits.
    pub(in crate::ui) fn press_prompt(&mut self, event: &KeyEvent) -> Vec<Effect> {
        let Some(prompt) = self.prompts.front() else { return Vec::new() };
        let (question, wanted) = (prompt.id, prompt.fields.len());
        let answer = match self.answer.last_mut() {
            None => yes_or_no(event),
            Some(typing) => match typing.press(event) {
                Typed::Done if self.answer.len() < wanted => {
                    self.answer.push(Typing::default());
                    None
                }
                Typed::Done => Some(typed(&self.answer)),
                Typed::GivenUp => Some(Answer::No),
                Typed::Changed | Typed::Nothing => None,
            },
        };
        let Some(answer) = answer else { return Vec::new() };
        self.next_prompt();
        vec![Effect::Do(Wish::Answer { question, answer })]
    }

    pub(in crate::ui) fn draw_prompt(&self, theme: Theme, area: Rect, buf: &mut Buffer) {
        let Some(prompt) = self.prompts.front() else { return };
        let rows = prompt.lines.len() + prompt.fields.len().max(1) + 3;
        let size = (76, u16::try_from(rows).unwrap_or(u16::MAX));
        let mut at = lay(buf, area, theme, size, &prompt.title);
        for text in &prompt.lines {
            line(buf, row(at, 0), theme, &[(text, Role::Text)]);
            at = below(at, 1);
        }
        at = below(at, 1);
        for (field, typed) in prompt.fields.iter().zip(&self.answer) {
            let shown = match field.visible {
                true => typed.text().to_owned(),
                false => "•".repeat(typed.text().chars().count()),
            };
            let label = format!("{}  ", field.label);
            line(
                buf,
                row(at, 0),
                theme,
                &[(&label, Role::Label), (&shown, Role::Selected), ("█", Role::Accent)],
            );
            at = below(at, 1);
        }
        if prompt.fields.is_empty() {
            line(
                buf,
                row(at, 0),
                theme,
                &[
                    ("y", Role::Key),
                    (" yes      ", Role::Label),
                    ("n", Role::Key),
                    (" no", Role::Label),
                ],
            );
        }
        let waiting = self.prompts.len() - 1;
        if waiting > 0 {
            let text = match waiting {
                1 => "1 more question waits".to_owned(),
                more => format!("{more} more questions wait"),
            };
            line(buf, row(below(at, 1), 0), theme, &[(&text, Role::Label)]);
        }
    }
}

/// Only a letter says yes: enter is too easily pressed once more.
fn yes_or_no(event: &KeyEvent) -> Option<Answer> {
    match event.code {
        KeyCode::Char('y' | 'Y') => Some(Answer::Yes),
        KeyCode::Char('n' | 'N' | 'q') | KeyCode::Esc => Some(Answer::No),
        _ => None,
    }
}

/// An empty answer to a single question is none.
fn typed(answer: &[Typing]) -> Answer {
    match answer {
        [only] if only.text().is_empty() => Answer::No,
        all => Answer::Typed(all.iter().map(|one| Secret::new(one.text().to_owned())).collect()),
    }
}
