//! Playbooks: what is wished, resolved for one host into a plan and compiled to one POSIX sh program. Executes nothing.

pub mod plan;
