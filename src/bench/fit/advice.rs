//! What a host's cards demand of the engines that are to run there, one sentence each.

use super::{Card, Places};

/// CUDA 13 builds for nothing older: it dropped Maxwell, Pascal and Volta.
const CUDA_13: (u32, u32) = (7, 5);
/// CUDA 12 builds for nothing older: it dropped Kepler.
const CUDA_12: (u32, u32) = (5, 0);
/// vLLM runs on nothing older.
const VLLM: (u32, u32) = (7, 0);

/// What to know before an engine is built or chosen for a host.
pub fn advice(places: &Places) -> Vec<String> {
    let mut said = Vec::new();
    for card in &places.cards {
        let name = card.label();
        if card.memory.is_none() {
            said.push(format!("{name}: its memory is not known, so it is left out of account"));
        }
        if let Some(sentence) = cuda(card) {
            said.push(format!("{name}: {sentence}"));
        }
    }
    said.dedup();
    said
}

fn cuda(card: &Card) -> Option<String> {
    let (major, minor) = card.compute?;
    let capability = (major, minor);
    let vllm = if capability < VLLM { "; vLLM, which needs 7.0, does not run on it" } else { "" };
    if capability < CUDA_12 {
        return Some(format!(
            "compute capability {major}.{minor} is too old for CUDA 12: run llama.cpp on the processor{vllm}"
        ));
    }
    (capability < CUDA_13).then(|| {
        format!(
            "compute capability {major}.{minor} needs CUDA 12, 13 no longer builds for it: \
             build llama.cpp with -DCMAKE_CUDA_ARCHITECTURES={major}{minor}{vllm}"
        )
    })
}
