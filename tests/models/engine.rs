//! The same questions put to a real llama.cpp, where SHELTER_LLAMA_DIR names a folder with a build of one.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::support::{free_port, skipped};
use shelter::bench::Shape;
use shelter::bench::gguf::{Header, tiny_model};

use super::estimates::{figures, kept};

/// A program of the build; `None`, said aloud, where there is none.
fn program(name: &str) -> Option<PathBuf> {
    let Some(dir) = std::env::var_os("SHELTER_LLAMA_DIR") else {
        skipped(&format!("SHELTER_LLAMA_DIR is not set, so llama.cpp's {name} is not asked"));
        return None;
    };
    let path = PathBuf::from(dir).join("build/bin").join(name);
    if !path.exists() {
        skipped(&format!("there is no {}", path.display()));
        return None;
    }
    Some(path)
}

#[test]
fn llama_fit_params_still_answers_as_kept_and_as_we_do() {
    let Some(program) = program("llama-fit-params") else { return };
    let dir = tempfile::tempdir().unwrap();
    for asked in kept() {
        let path = dir.path().join(asked.model.name);
        if !path.exists() {
            asked.model.write(&path);
        }
        let context = asked.context.to_string();
        let options = ["-fitp", "on", "--no-repack", "-c", &context, "-ctk", asked.cache];
        let mut command = Command::new(&program);
        command.arg("-m").arg(&path).args(options).args(["-ctv", asked.cache]);
        let output = command.output().unwrap();
        let answer = String::from_utf8(output.stdout).unwrap();
        let told = answer.lines().find_map(|line| figures(line.strip_prefix("Host ")?));
        assert_eq!(told, Some(asked.answer), "{} at {context}", asked.model.name);
        let header = Header::read(std::fs::File::open(&path).unwrap()).unwrap();
        asked.check(&Shape::of(&header).unwrap(), 0);
    }
}

/// A server that is ended with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn llama_server_loads_the_tiny_model_and_generates_every_token_asked_for() {
    let Some(program) = program("llama-server") else { return };
    let dir = tempfile::tempdir().unwrap();
    let model = dir.path().join("tiny.gguf");
    std::fs::write(&model, tiny_model()).unwrap();
    let port = free_port();
    let mut command = Command::new(program);
    command.arg("-m").arg(&model).args(["--host", "127.0.0.1", "--port", &port.to_string()]);
    command.args(["-c", "512", "-t", "1"]).stdin(Stdio::null()).stdout(Stdio::null());
    let mut server = Server(command.stderr(Stdio::piped()).spawn().unwrap());
    let said = BufReader::new(server.0.stderr.take().unwrap());
    let mut said = said.lines().map_while(Result::ok);
    let ready = said.any(|line| line.contains("listening on") || line.contains("is listening"));
    assert!(ready, "the server ended early");
    // What it goes on to say must not fill the pipe.
    std::thread::spawn(move || said.for_each(drop));

    let body = r#"{"prompt":"kalomi","n_predict":24,"temperature":1.0,"cache_prompt":false}"#;
    let answer = post(port, "/completion", body);
    let told: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(told["tokens_predicted"], 24, "{answer}");
    assert!(told["content"].as_str().unwrap().split_whitespace().count() > 5, "{answer}");
}

fn post(port: u16, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}
