//! Days of looks under a clock that is told: what is kept does not grow.

use shelter::fleet::{History, Timestamp};
use shelter::telemetry::sampler::{Pace, Stream};

use super::{BEGAN, token};

const PACE: Pace = Pace::seconds(30);
const LOOKS_A_DAY: i64 = 86_400 / 30;

/// One look as a host with two cards tells it; every tenth is a slow one as well.
fn look(number: i64) -> String {
    let token = token();
    let token = token.as_str();
    let slow = if number % 10 == 0 {
        format!(
            "{token} slow\ngovernor performance\ndf /dev/sda1 10000 20 5000 1% /\n{token} end\n"
        )
    } else {
        String::new()
    };
    let (up, ticks) = (1_000_000 + number * 30, 10_000_000 + number * 3000);
    let card = |index: i64| {
        format!(
            "{token} rows {index}, GPU-{index}, 4, 4, 16, 16, 50, 24564, 18000, 61, 141.20, 450.00, 2520, 10501, 30, P2, 0x0, NVIDIA GeForce RTX 4090, 00000000:0{index}:00.0\n"
        )
    };
    format!(
        "{slow}{token} fast\nuptime {up}.00 1.00\nstat cpu  {ticks} 0 0 {ticks} 0 0 0 0 0 0\nload 0.50 0.50 0.50 1/1 1\n\
         mem MemTotal: 16000000\nmem MemAvailable: 8000000\n{token} end\n{}{}\
         {token} processes = begin\n{token} processes GPU-0, 4711, 3080, /bin/llama\n{token} processes = end 0\n",
        card(0),
        card(1)
    )
}

/// How much is kept, as far as it can be seen: a stream and a history tell all they hold.
fn kept(stream: &Stream, history: &History) -> usize {
    format!("{stream:?}{history:?}").len()
}

#[test]
fn memory_is_flat_over_days() {
    let (mut stream, mut history) = (Stream::new(&token(), PACE), History::new(PACE.millis()));
    stream.push(format!("{} cards asked\n", token().as_str()).as_bytes(), Timestamp(BEGAN));
    let mut sizes = Vec::new();
    for number in 0..LOOKS_A_DAY * 6 {
        let at = Timestamp(BEGAN + number * 30_000);
        stream.push(look(number).as_bytes(), at);
        let sample = stream.sample(at).expect("a whole frame came");
        assert_eq!(sample.gpus.len(), 2);
        history.push(at, &sample);
        if number % LOOKS_A_DAY == LOOKS_A_DAY - 1 {
            sizes.push(kept(&stream, &history));
        }
    }
    // The rings of three days are full after three days; what is told by then only changes.
    assert!(sizes[5] <= sizes[3] + 64, "it grows: {sizes:?}");
    let trend = history.trend(30);
    assert!(trend.cpu.days.iter().all(|share| *share == Some(50.0)), "{:?}", trend.cpu.days);
    assert_eq!(trend.gpus.len(), 2);
}
