//! Against a real llama-server, where there is one.

use shelter::llm::{ChatRequest, LlmError, Piece, Usage};

use crate::support::llama::Llama;

async fn usage(llama: &Llama, tokens: u32) -> Usage {
    let request = ChatRequest::new("tiny", "tell me", tokens).with("ignore_eos", true);
    let mut chat = llama.client().chat(&request).await.unwrap();
    let (mut text, mut usage) = (String::new(), None);
    while let Some(piece) = chat.next().await {
        match piece.unwrap() {
            Piece::Text(more) => text.push_str(&more),
            Piece::Usage(counted) => usage = Some(counted),
            Piece::Finished(why) => assert_eq!(why, "length"),
        }
    }
    assert!(!text.is_empty());
    usage.expect("it counts its tokens")
}

#[tokio::test]
async fn a_real_engine_chats_counts_and_is_let_go_of() {
    let Some(llama) = Llama::start(&["-c", "4096", "-np", "1"]).await else { return };
    assert_eq!(usage(&llama, 12).await.completion, 12);
    let endless = ChatRequest::new("tiny", "on and on", 4000).with("ignore_eos", true);
    let mut chat = llama.client().chat(&endless).await.unwrap();
    assert!(matches!(chat.next().await, Some(Ok(_))));
    drop(chat);
    // Its only slot is free again: otherwise this would wait behind the one we left.
    assert_eq!(usage(&llama, 3).await.completion, 3);
}

#[tokio::test]
async fn a_real_engine_with_a_key_tells_nothing_to_those_without() {
    let Some(llama) = Llama::start(&["--api-key", "sesame"]).await else { return };
    let reply = llama.client().session().get("/v1/models").await.unwrap();
    let refused = LlmError::Refused { status: 401, said: "Invalid API Key".to_owned() };
    assert_eq!(reply.text(), Err(refused));
    let reply = llama.client().with_key("sesame").session().get("/v1/models").await.unwrap();
    assert_eq!(reply.status, 200);
}
