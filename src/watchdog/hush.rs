//! Who wishes to hear nothing of what, and until when. A wish ends by the watchdog's own time, so that a clock that is
//! set neither ends nor prolongs it.

use std::collections::BTreeMap;

use crate::fleet::{AlertId, Hush, Matcher, Millis, Timestamp, Wish};

/// The wishes that stand, by their names.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Hushes(BTreeMap<u64, Hushed>);

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
struct Hushed {
    wish: Wish,
    until: Millis,
}

/// What came of looking at the wishes.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// Who wishes that healing goes on.
    pub resumed: Option<String>,
    /// Wishes that are fulfilled or over.
    pub spent: Vec<u64>,
    /// Of what may be told again.
    pub ended: Vec<Matcher>,
}

impl Hushes {
    /// Takes in the wishes that lie there now.
    pub fn look(&mut self, wishes: &[(u64, Wish)], now: Millis, wall: Timestamp) -> Looked {
        let mut looked = Looked::default();
        let lies_there = |name: &u64| wishes.iter().any(|(known, _)| known == name);
        let lifted: Vec<u64> = self.0.keys().copied().filter(|name| !lies_there(name)).collect();
        looked.ended.extend(self.end(&lifted));
        for (name, wish) in wishes {
            match wish {
                Wish::Resume { by, .. } => {
                    looked.resumed = Some(by.clone());
                    looked.spent.push(*name);
                }
                Wish::Acknowledge { hush, .. } | Wish::Silence { hush, .. } => {
                    let left = (hush.until.0 - wall.0).max(0);
                    let until = Millis(now.0.saturating_add(left));
                    self.0.entry(*name).or_insert_with(|| Hushed { wish: wish.clone(), until });
                }
            }
        }
        let over = self.0.iter().filter(|(_, standing)| now >= standing.until);
        let over: Vec<u64> = over.map(|(name, _)| *name).collect();
        looked.ended.extend(self.end(&over));
        looked.spent.extend(over);
        looked
    }

    /// Ends those; tells what they were about.
    fn end(&mut self, names: &[u64]) -> Vec<Matcher> {
        let wishes = names.iter().filter_map(|name| self.0.remove(name));
        let about = wishes.filter_map(|standing| match standing.wish {
            Wish::Acknowledge { about, .. } | Wish::Silence { about, .. } => Some(about),
            Wish::Resume { .. } => None,
        });
        about.collect()
    }

    /// Who looks after an alert.
    pub fn acknowledged(&self, id: &AlertId) -> Option<Hush> {
        self.0.values().find_map(|standing| match &standing.wish {
            Wish::Acknowledge { about, hush } if about.means(id) => Some(hush.clone()),
            _ => None,
        })
    }

    /// Who wants to hear nothing of an alert.
    pub fn silenced(&self, id: &AlertId) -> Option<Hush> {
        self.0.values().find_map(|standing| match &standing.wish {
            Wish::Silence { about, hush } if about.means(id) => Some(hush.clone()),
            _ => None,
        })
    }

    /// What was acknowledged and is well again is nobody's care any more.
    pub fn release(&mut self, standing: &[AlertId]) -> Vec<u64> {
        let done = |one: &Hushed| match &one.wish {
            Wish::Acknowledge { about, .. } => !standing.iter().any(|id| about.means(id)),
            _ => false,
        };
        let over: Vec<u64> =
            self.0.iter().filter(|(_, s)| done(s)).map(|(name, _)| *name).collect();
        self.end(&over);
        over
    }
}
