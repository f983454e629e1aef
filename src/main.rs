//! The binary: hands over to `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    match args.next() {
        Some(first) if first == "lab-serve" => shelter::lab::serve_main(args),
        _ => ExitCode::SUCCESS,
    }
}
