//! Where somebody listens on a host, out of a slow frame. Who it is has to be asked.

use std::collections::BTreeMap;

use super::frames::Frame;

/// More ports of one host are not told of.
const MOST: usize = 256;

/// Ports that can be reached from within the host, each with what tells this listener from one that comes after it.
pub type Listeners = BTreeMap<u16, u64>;

pub(super) fn read(slow: &Frame) -> Listeners {
    slow.all("listen").filter_map(listener).take(MOST).collect()
}

/// `0100007F:2CAA 12345`: an address with its bytes reversed, a port, and the number of the open socket.
fn listener(line: &str) -> Option<(u16, u64)> {
    let (place, inode) = line.split_once(' ')?;
    let (address, port) = place.split_once(':')?;
    let any = address.bytes().all(|digit| digit == b'0') && matches!(address.len(), 8 | 32);
    // Each of the addresses that begin with 127 leads to one of its own; ours is the first.
    let own = address == "0100007F";
    (any || own).then_some(())?;
    Some((u16::from_str_radix(port, 16).ok().filter(|port| *port > 0)?, inode.parse().ok()?))
}

/// The ports that these open sockets are.
pub(super) fn ports(sockets: &[u64], listeners: &Listeners) -> Vec<u16> {
    let own = |(port, inode): (&u16, &u64)| sockets.contains(inode).then_some(*port);
    listeners.iter().filter_map(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_reached_from_within_is_told_and_nothing_else() {
        assert_eq!(listener("0100007F:2CAA 12345"), Some((11434, 12345)));
        assert_eq!(listener("00000000:1F90 7"), Some((8080, 7)));
        let any6 = format!("{}:1F40 9", "0".repeat(32));
        assert_eq!(listener(&any6), Some((8000, 9)));
        for other in [
            "0B004D0A:0016 12",
            "0100007F:0000 1",
            "0100007F:10000 1",
            "0100007F:2CAA",
            "0100007F:2CAA x",
            ":2CAA 1",
            "00:2CAA 1",
        ] {
            assert_eq!(listener(other), None, "{other}");
        }
    }
}
