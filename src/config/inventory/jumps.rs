//! Jump hosts followed to the machine nearest to us. A circle, or a jump nobody knows, is reported.

use super::connect::{Given, configured_jump};
use crate::config::grammar::Jump;
use crate::config::{SshConfig, ssh_config};
use crate::fleet::{Endpoint, SshTarget};
use crate::text::{Report, Reports, Span, Spanned};

/// More jumps than this are not a way but a mistake; in an ssh configuration, most likely a circle.
const MAX_HOPS: usize = 16;

/// A machine and the machines to go through, as somebody wrote them.
pub(super) struct Hop {
    pub target: SshTarget,
    pub through: Vec<Spanned<Jump>>,
    pub namespace: Namespace,
}

/// Who gives the names of jumps their meaning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Namespace {
    /// Hosts of the inventory first, then the ssh configuration.
    Inventory,
    /// The ssh configuration alone.
    SshConfig,
}

pub(super) struct Jumps<'a> {
    pub names: Vec<&'a str>,
    /// One for each name; none where a host is not reached by ssh.
    pub hops: &'a [Option<Hop>],
    pub ssh: &'a SshConfig,
    pub reports: &'a mut Reports,
}

impl Jumps<'_> {
    /// The machines to go through to a host, the one nearest to us first.
    pub fn of_host(&mut self, host: usize) -> Vec<SshTarget> {
        let way = self.way_to(host, &mut Vec::new());
        match self.hops[host].as_ref().and_then(|hop| hop.through.first()) {
            Some(first) if way.len() > MAX_HOPS => {
                let message =
                    format!("`{}` is behind more than {MAX_HOPS} jumps", self.names[host]);
                self.reports.push(Report::error(message).at(&first.span));
                Vec::new()
            }
            _ => way,
        }
    }

    fn way_to(&mut self, host: usize, trail: &mut Vec<usize>) -> Vec<SshTarget> {
        let hops = self.hops;
        let Some(hop) = hops[host].as_ref().filter(|_| trail.len() <= MAX_HOPS) else {
            return Vec::new();
        };
        trail.push(host);
        let mut way = Vec::new();
        for (position, jump) in hop.through.iter().enumerate() {
            // Only the first one is reached on its own terms; the next ones are reached from it.
            let outset = position == 0;
            match (hop.namespace, self.inventory_host(&jump.value)) {
                (Namespace::Inventory, Some(gate)) => {
                    way.extend(self.through_gate(gate, jump, outset, trail));
                }
                (Namespace::Inventory, None) => {
                    let (target, lookup) = self.outside(jump);
                    self.known(jump, &lookup);
                    if outset {
                        way.extend(self.configured(&lookup, &jump.value.address, MAX_HOPS - 1));
                    }
                    way.push(target);
                }
                (Namespace::SshConfig, _) => way.extend(self.by_config(jump, outset, MAX_HOPS - 1)),
            }
        }
        trail.pop();
        way
    }

    fn inventory_host(&self, jump: &Jump) -> Option<usize> {
        self.names.iter().position(|name| *name == jump.address)
    }

    fn through_gate(
        &mut self,
        gate: usize,
        jump: &Spanned<Jump>,
        outset: bool,
        trail: &mut Vec<usize>,
    ) -> Vec<SshTarget> {
        let hops = self.hops;
        let Some(hop) = &hops[gate] else {
            let message = format!("`{}` is not reached by ssh", self.names[gate]);
            let report = Report::error(message).at(&jump.span);
            self.reports.push(report.expected("a jump host that is reached by ssh"));
            return Vec::new();
        };
        if let Some(begin) = trail.iter().position(|host| *host == gate) {
            self.circle(&trail[begin..], &jump.span);
            return Vec::new();
        }
        let mut way = if outset { self.way_to(gate, trail) } else { Vec::new() };
        let mut target = hop.target.clone();
        if let Some(user) = &jump.value.user {
            target.user.clone_from(user);
        }
        if let (Some(written), Endpoint::Tcp { port, .. }) = (jump.value.port, &mut target.endpoint)
        {
            *port = written;
        }
        way.push(target);
        way
    }

    /// Said once for every circle: when it is entered at its first host and has just closed.
    fn circle(&mut self, circle: &[usize], place: &Span) {
        let first = circle.first().copied();
        if first != circle.iter().min().copied() {
            return;
        }
        let names: Vec<&str> = circle.iter().chain(&first).map(|host| self.names[*host]).collect();
        let message = format!("jump hosts lead in a circle: {}", names.join(" → "));
        self.reports.push(Report::error(message).at(place));
    }

    fn outside(&mut self, jump: &Spanned<Jump>) -> (SshTarget, ssh_config::Lookup) {
        let given = Given {
            name: &jump.value.address,
            name_span: &jump.span,
            address: None,
            port: jump.value.port,
            user: jump.value.user.as_deref(),
            keys: None,
            jump_given: false,
        };
        given.target(self.ssh, self.reports)
    }

    /// A bare word that neither the inventory nor the ssh configuration has is a slip of the hand.
    fn known(&mut self, jump: &Spanned<Jump>, lookup: &ssh_config::Lookup) {
        let Jump { user, address, port } = &jump.value;
        let plain = user.is_none() && port.is_none() && !address.contains(['.', ':']);
        if !plain || lookup.named {
            return;
        }
        let report = Report::error(format!("unknown jump host `{address}`"))
            .at(&jump.span)
            .expected("a host of the inventory, or `user@address:port`")
            .nearest(address, self.names.iter().copied());
        self.reports.push(report);
    }

    fn by_config(&mut self, jump: &Spanned<Jump>, outset: bool, left: usize) -> Vec<SshTarget> {
        let (target, lookup) = self.outside(jump);
        let mut way = match outset {
            true => self.configured(&lookup, &jump.value.address, left),
            false => Vec::new(),
        };
        way.push(target);
        way
    }

    fn configured(
        &mut self,
        lookup: &ssh_config::Lookup,
        name: &str,
        left: usize,
    ) -> Vec<SshTarget> {
        let through = configured_jump(lookup, name, self.reports);
        let mut way = Vec::new();
        for (position, jump) in through.iter().enumerate() {
            if left == 0 {
                let report = Report::error("`ProxyJump` leads in a circle").at(&jump.span);
                self.reports.push(report);
                return Vec::new();
            }
            way.extend(self.by_config(jump, position == 0, left - 1));
        }
        way
    }
}
