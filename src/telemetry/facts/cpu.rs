//! The processor, from `/proc/cpuinfo`, sysfs and `sysctl`.

use std::collections::BTreeSet;

use super::answer::{Answer, name};
use super::number::{count, listed};
use crate::fleet::CpuFacts;

/// What the processor is and can do.
pub(super) fn read(answer: &Answer<'_>) -> CpuFacts {
    if answer.has("sysctl") { darwin(answer) } else { linux(answer) }
}

fn linux(answer: &Answer<'_>) -> CpuFacts {
    let info = |key: &str| answer.value("cpuinfo", key).filter(|value| !value.is_empty());
    let x86: Option<Vec<&str>> = info("flags").map(|f| f.split_whitespace().collect());
    let arm: Option<Vec<&str>> = info("Features").map(|f| f.split_whitespace().collect());
    let known = x86.as_ref().or(arm.as_ref());
    let has = |words: &[&str]| Some(known?.iter().any(|flag| words.contains(flag)));
    CpuFacts {
        model: arm_model(answer).or_else(|| info("model name").and_then(name)),
        cores: cores(answer),
        threads: answer.file_line("/sys/devices/system/cpu/online").and_then(listed),
        numa_nodes: answer.file_line("/sys/devices/system/node/online").and_then(listed),
        avx2: has(&["avx2"]),
        avx512: has(&["avx512f"]),
        neon: has(&["asimd", "neon"]),
    }
}

/// Threads that share a core name the same siblings.
fn cores(answer: &Answer<'_>) -> Option<u32> {
    let siblings = answer.files().filter(|(path, _)| path.ends_with("/thread_siblings_list"));
    let distinct: BTreeSet<&str> = siblings.map(|(_, line)| line).collect();
    count(&distinct.len().to_string())
}

/// ARM's kernels give numbers in place of a name, or a name that says nothing.
fn arm_model(answer: &Answer<'_>) -> Option<String> {
    if answer.value("cpuinfo", "CPU implementer")? != "0x41" {
        return None;
    }
    let core = match answer.value("cpuinfo", "CPU part")? {
        "0xd03" => "Cortex-A53",
        "0xd08" => "Cortex-A72",
        "0xd0b" => "Cortex-A76",
        "0xd0c" => "Neoverse-N1",
        "0xd40" => "Neoverse-V1",
        "0xd42" => "Cortex-A78AE",
        "0xd49" => "Neoverse-N2",
        "0xd4f" => "Neoverse-V2",
        "0xd83" => "Neoverse-V3AE",
        "0xd85" => "Cortex-X925",
        "0xd87" => "Cortex-A725",
        _ => return None,
    };
    Some(format!("ARM {core}"))
}

fn darwin(answer: &Answer<'_>) -> CpuFacts {
    let key = |key: &str| answer.value("sysctl", key);
    let flag = |name: &str| key(name).map(|value| value == "1");
    let arm = flag("hw.optional.arm64");
    let not_arm = || (arm == Some(true)).then_some(false);
    CpuFacts {
        model: key("machdep.cpu.brand_string").and_then(name),
        cores: key("hw.physicalcpu").and_then(count),
        threads: key("hw.logicalcpu").and_then(count),
        numa_nodes: None,
        avx2: flag("hw.optional.avx2_0").or_else(not_arm),
        avx512: flag("hw.optional.avx512f").or_else(not_arm),
        neon: flag("hw.optional.neon").or(arm),
    }
}
