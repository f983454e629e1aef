//! The program that ends a command's process group on a host: asked first, then made to. Pure text.

use std::time::Duration;

/// A program of POSIX sh that ends the group of that pid, or the process where it leads none. It
/// looks ten times a second whether anything is left, and gives it that long before KILL.
pub(super) fn put_down(pid: u32, grace: Duration) -> String {
    let looks = grace.as_millis().div_ceil(100);
    format!(
        "g=-{pid}\n\
         kill -s TERM -- \"$g\" 2>/dev/null || {{ g={pid}; kill -s TERM -- \"$g\" 2>/dev/null; }}\n\
         n=0\n\
         while [ $n -lt {looks} ] && kill -s 0 -- \"$g\" 2>/dev/null; do\n\
         sleep 0.1 2>/dev/null || sleep 1\n\
         n=$((n+1))\n\
         done\n\
         kill -s KILL -- \"$g\" 2>/dev/null\n"
    )
}
