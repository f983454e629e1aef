//! Chats: what a stream says, and every way in which it can fail to go on.

use std::time::Duration;

use shelter::llm::{ChatRequest, Client, LlmError, Patience, Piece, Usage};
use tokio::io::AsyncReadExt;

use crate::support::engine::Engine;

const KEPT: &str = include_str!("../engines/llama-cpp-chat.http");

fn request() -> ChatRequest {
    ChatRequest::new("tiny", "hello there", 6).with("ignore_eos", true)
}

/// Everything that a chat with this engine tells, up to its end or its fault.
async fn told(sample: &str) -> (Vec<Piece>, Option<LlmError>) {
    let client = Client::new(Engine::of(sample).way(), Patience::ASKING);
    let mut chat = match client.chat(&request()).await {
        Ok(chat) => chat,
        Err(fault) => return (Vec::new(), Some(fault)),
    };
    let mut pieces = Vec::new();
    while let Some(next) = chat.next().await {
        match next {
            Ok(piece) => pieces.push(piece),
            Err(fault) => {
                assert!(chat.next().await.is_none(), "after a fault nothing comes");
                return (pieces, Some(fault));
            }
        }
    }
    (pieces, None)
}

fn text(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Text(text) => Some(text.clone()),
        _ => None,
    };
    pieces.iter().filter_map(text).collect()
}

#[tokio::test]
async fn a_kept_stream_of_llama_cpp_tells_its_text_its_end_and_its_tokens() {
    let (pieces, fault) = told(KEPT).await;
    assert_eq!(fault, None);
    assert_eq!(text(&pieces), " nusomi tisolo mimimi kakanu petika pemipe");
    let usage = Usage { prompt: 20, cached: Some(0), completion: 6 };
    let end = [Piece::Finished("length".to_owned()), Piece::Usage(usage)];
    assert_eq!(pieces[pieces.len() - 2..], end);
}

#[tokio::test]
async fn a_request_carries_what_was_asked_for_and_the_key() {
    let engine = Engine::of(KEPT);
    let client = Client::new(engine.way(), Patience::ASKING).with_key("sesame");
    let mut chat = client.chat(&request()).await.unwrap();
    while chat.next().await.is_some() {}
    let request = engine.requests().remove(0);
    assert!(request.contains("authorization: Bearer sesame\r\n"), "{request}");
    let body: serde_json::Value =
        serde_json::from_str(request.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(body["messages"][0]["content"], "hello there");
    assert_eq!((&body["max_tokens"], &body["stream"]), (&6.into(), &true.into()));
    assert_eq!(
        (&body["stream_options"]["include_usage"], &body["ignore_eos"]),
        (&true.into(), &true.into())
    );
}

#[tokio::test]
async fn a_stream_that_dies_is_told_as_such_and_keeps_what_came_before() {
    let cut = KEPT.split("data: {\"choices\":[{\"finish_reason\":\"length\"").next().unwrap();
    let chunked = cut.replace(">>> /v1/chat/completions", ">>> /v1/chat/completions dies");
    let closed = chunked.replace("Transfer-Encoding: chunked\n", "Connection: close\n");
    for sample in [chunked, closed] {
        let (pieces, fault) = told(&sample).await;
        assert_eq!(text(&pieces), " nusomi tisolo mimimi kakanu petika pemipe");
        assert!(matches!(fault, Some(LlmError::Broken(_))), "{fault:?}");
    }
}

#[tokio::test]
async fn what_comes_in_place_of_an_answer_is_a_fault_with_its_words() {
    let head = ">>> /v1/chat/completions\nHTTP/1.1 200 OK\nContent-Type: text/event-stream\n\n";
    let cases = [
        (format!("{head}data: {{\"choices\": [\n\n"), "its answer cannot be read: EOF"),
        (format!("{head}data: {{\"error\":{{\"message\":\"out of memory\"}}}}\n\n"), "it says out of memory"),
        (
            ">>> /v1/chat/completions\nHTTP/1.1 503 Service Unavailable\n\n{\"error\":{\"message\":\"Loading model\"}}"
                .to_owned(),
            "it answers 503: Loading model",
        ),
        (
            ">>> /v1/chat/completions\nHTTP/1.1 401 Unauthorized\n\n{\"error\":\"Unauthorized\"}".to_owned(),
            "it answers 401: Unauthorized",
        ),
        (">>> /v1/chat/completions dies\nSSH-2.0-OpenSSH_9.2\n\n".to_owned(), "the stream broke"),
    ];
    for (sample, wanted) in cases {
        let (_, fault) = told(&sample).await;
        let fault = fault.unwrap_or_else(|| panic!("no fault: {sample}")).to_string();
        assert!(fault.contains(wanted), "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_says_nothing_is_given_up_after_its_time() {
    let (_, fault) = told(">>> /v1/chat/completions silent\n\n").await;
    let after = Patience::ASKING.head;
    assert_eq!(fault, Some(LlmError::Silent { what: "answer", after }));
    let begun = tokio::time::Instant::now();
    let way = shelter::llm::Way::new(std::future::pending);
    let client = Client::new(way, Patience { open: Duration::from_secs(3), ..Patience::ASKING });
    let fault = client.chat(&request()).await.err();
    assert_eq!(fault.unwrap().to_string(), "it did not let us in within 3 s");
    assert_eq!(begun.elapsed(), Duration::from_secs(3));
}

#[tokio::test]
async fn a_chat_that_is_dropped_hangs_up() {
    let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
    let ours = std::sync::Mutex::new(Some(ours));
    let way = shelter::llm::Way::new(move || {
        let ours = ours.lock().unwrap().take();
        async move { Ok(Box::new(ours.expect("one connection")) as shelter::llm::ByteStream) }
    });
    let client = Client::new(way, Patience::ASKING);
    let chatting = tokio::spawn(async move { client.chat(&request()).await });
    let mut seen = vec![0; 32 * 1024];
    let count = theirs.read(&mut seen).await.unwrap();
    assert!(seen[..count].starts_with(b"POST /v1/chat/completions "), "what came first");
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    tokio::io::AsyncWriteExt::write_all(&mut theirs, head).await.unwrap();
    drop(chatting.await.unwrap().unwrap());
    let mut rest = Vec::new();
    tokio::time::timeout(Duration::from_secs(60), theirs.read_to_end(&mut rest))
        .await
        .expect("it did not hang up")
        .unwrap();
}
