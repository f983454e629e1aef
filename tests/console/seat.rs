//! A person at a terminal: a real pty with the real binary in it, and a screen that is read as one reads it.

use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};

use crate::support::{Shelter, until};

/// Nothing here takes so long on a machine that is at all alive.
const PATIENCE: Duration = Duration::from_secs(90);

/// A terminal and what sits in it.
pub struct Seat {
    keys: Box<dyn Write + Send>,
    shown: Arc<(Mutex<Shown>, Condvar)>,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    /// Held open, so that the terminal outlives what sits in it and can be looked at.
    _slave: Box<dyn SlavePty + Send>,
    before: String,
}

/// What came out of the terminal so far.
struct Shown {
    screen: vt100::Parser,
    bytes: Vec<u8>,
    /// Whether nobody reads for now.
    asleep: bool,
    over: bool,
}

impl Seat {
    /// Sits down at the console of a home.
    pub fn at(shelter: &Shelter, args: &[&str]) -> Self {
        Self::with(shelter, args, &[("COLORTERM", "truecolor")])
    }

    /// The same, with these variables set.
    pub fn with(shelter: &Shelter, args: &[&str], variables: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 40, cols: 120, ..PtySize::default() };
        let pty = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_shelter"));
        command.args(args);
        command.env_clear();
        command.env("HOME", shelter.user_home());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("TERM", "xterm-256color");
        for (name, value) in variables {
            command.env(name, value);
        }
        command.cwd(shelter.user_home());
        let before = modes(&*pty.master);
        let child = pty.slave.spawn_command(command).unwrap();
        let shown = Shown {
            screen: vt100::Parser::new(cells(40), cells(120), 0),
            bytes: Vec::new(),
            asleep: false,
            over: false,
        };
        let shown = Arc::new((Mutex::new(shown), Condvar::new()));
        let (reader, told) = (pty.master.try_clone_reader().unwrap(), shown.clone());
        std::thread::spawn(move || look_on(reader, &told));
        let keys = pty.master.take_writer().unwrap();
        Self { keys, shown, child, master: pty.master, _slave: pty.slave, before }
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits until the screen shows a text; hands out the screen.
    pub fn until(&self, text: &str) -> String {
        self.until_it(text, |screen| screen.contains(text))
    }

    /// Waits until the screen does not show a text any more.
    pub fn until_gone(&self, text: &str) -> String {
        self.until_it(text, |screen| !screen.contains(text))
    }

    /// What is shown.
    fn contents(&self) -> String {
        self.shown.0.lock().unwrap().screen.screen().contents()
    }

    /// Waits until the screen is as wished.
    pub fn until_it(&self, what: &str, wished: impl Fn(&str) -> bool) -> String {
        let (shown, changed) = &*self.shown;
        let end = Instant::now() + PATIENCE;
        let mut shown = shown.lock().unwrap();
        loop {
            let contents = shown.screen.screen().contents();
            if wished(&contents) {
                return contents;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !shown.over,
                "waited for `{what}`, and this is shown:\n{contents}"
            );
            shown = changed.wait_timeout(shown, left).unwrap().0;
        }
    }

    /// Clicks on a text that is shown.
    pub fn click(&mut self, text: &str) {
        let screen = self.until(text);
        let found = screen
            .lines()
            .enumerate()
            .find_map(|(row, line)| Some((line[..line.find(text)?].chars().count() + 1, row + 1)));
        let (column, row) = found.unwrap();
        self.press(&format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"));
    }

    /// Whether the terminal is told to report clicks, once it is as expected.
    pub fn until_mouse(&self, taken: bool) {
        let (shown, changed) = &*self.shown;
        let is = |shown: &Shown| {
            (shown.screen.screen().mouse_protocol_mode() != vt100::MouseProtocolMode::None) == taken
        };
        let held = shown.lock().unwrap();
        let waited = changed.wait_timeout_while(held, PATIENCE, |shown| !is(shown)).unwrap().0;
        assert!(is(&waited), "the mouse is not {}", if taken { "taken" } else { "left alone" });
    }

    /// Everything that was written to the terminal.
    pub fn bytes(&self) -> Vec<u8> {
        self.shown.0.lock().unwrap().bytes.clone()
    }

    /// Gives the window another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        // The screen first: what is written for the new size must not meet the old one.
        self.shown.0.lock().unwrap().screen.screen_mut().set_size(cells(rows), cells(columns));
        self.master.resize(PtySize { rows, cols: columns, ..PtySize::default() }).unwrap();
    }

    /// Nobody reads the terminal any more, or somebody does again.
    pub fn sleep(&self, asleep: bool) {
        let (shown, changed) = &*self.shown;
        shown.lock().unwrap().asleep = asleep;
        changed.notify_all();
    }

    /// Sends a signal to what sits there.
    pub fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(self.pid(), signal).unwrap();
    }

    /// Waits until the process is in that state, as the kernel names it: `T` where it is stopped.
    pub fn until_state(&self, state: &str) {
        let end = Instant::now() + PATIENCE;
        let path = format!("/proc/{}/stat", self.pid().as_raw_nonzero());
        loop {
            let stat = std::fs::read_to_string(&path).unwrap();
            if stat.rsplit_once(") ").unwrap().1.starts_with(state) {
                return;
            }
            assert!(Instant::now() < end, "not in state {state}: {stat}");
            std::thread::yield_now();
        }
    }

    fn pid(&self) -> rustix::process::Pid {
        let pid = i32::try_from(self.child.process_id().unwrap()).unwrap();
        rustix::process::Pid::from_raw(pid).unwrap()
    }

    /// Leaves, also where a run that is about to end makes the console ask first, and tells the exit status.
    pub fn leave(&mut self) -> u32 {
        self.press("Q");
        // The terminal outlives the console, so that only the process tells that it has left.
        until("it leaves or asks", || {
            self.child.try_wait().unwrap().is_some() || self.contents().contains("LEAVE")
        });
        if self.contents().contains("LEAVE") {
            self.press("\r");
        }
        self.end()
    }

    /// Waits for the end, and tells the exit status.
    pub fn end(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(
                Instant::now() < end,
                "it does not end, and this is shown:\n{}",
                self.contents()
            );
            std::thread::yield_now();
        }
    }

    /// The terminal is as it was before anybody sat down.
    pub fn is_as_before(&self) {
        assert_eq!(modes(&*self.master), self.before, "the modes of the line");
        let (shown, changed) = &*self.shown;
        let end = Instant::now() + PATIENCE;
        let mut shown = shown.lock().unwrap();
        loop {
            let screen = shown.screen.screen();
            let mouse = screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None;
            if mouse
                && !screen.alternate_screen()
                && !screen.hide_cursor()
                && !screen.bracketed_paste()
            {
                return;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "alternate screen, cursor, mouse or pastes are not given back"
            );
            shown = changed.wait_timeout(shown, left).unwrap().0;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        // It may have ended long ago.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn cells(count: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(count).unwrap()
}

fn modes(master: &(dyn MasterPty + Send)) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn look_on(mut reader: Box<dyn Read + Send>, told: &(Mutex<Shown>, Condvar)) {
    let (shown, changed) = told;
    let mut piece = [0; 4096];
    loop {
        // Whoever waits may have given up, and with it the lock.
        let held = shown.lock().unwrap_or_else(PoisonError::into_inner);
        let free = changed.wait_while(held, |shown| shown.asleep);
        drop(free.unwrap_or_else(PoisonError::into_inner));
        let count = reader.read(&mut piece).unwrap_or(0);
        let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.over = count == 0;
        shown.bytes.extend_from_slice(&piece[..count]);
        shown.screen.process(&piece[..count]);
        changed.notify_all();
        if count == 0 {
            return;
        }
    }
}
