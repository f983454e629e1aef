//! The families of metrics, each with its unit and a sentence. All are gauges; those that end with `_info` carry words in their
//! labels and are always 1: older readers know no other kind for them. A table; `docs/metrics.md` repeats it, and a test compares.

/// A family of metrics.
#[derive(Debug)]
pub struct Family {
    /// Its name, which ends with the unit where there is one.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What it is.
    pub help: &'static str,
}

macro_rules! families {
    ($($ident:ident $name:literal $unit:literal $help:literal)*) => {
        $(pub static $ident: Family =
            Family { name: $name, unit: $unit, help: $help };)*

        /// All of them.
        #[cfg(test)]
        pub static ALL: &[&Family] = &[$(&$ident),*];
    };
}

families! {
    HOST "shelter_host_info" "" "A host of the inventory, and whether its sensors are simulated."
    UP "shelter_host_up" "" "Whether the host told what it is doing."
    SILENCE "shelter_host_silence_seconds" "seconds" "How long ago the host last told something."
    UPTIME "shelter_uptime_seconds" "seconds" "Time since boot, asleep included."
    CPU_BUSY "shelter_cpu_busy_ratio" "ratio" "The processor's share at work."
    LOAD "shelter_load" "" "Runnable processes, averaged over a span."
    GOVERNOR "shelter_cpu_governor_info" "" "The frequency governors in use."
    RAM "shelter_memory_size_bytes" "bytes" "RAM."
    RAM_AVAILABLE "shelter_memory_available_bytes" "bytes" "RAM that can still be had."
    SWAP "shelter_swap_size_bytes" "bytes" "Swap."
    SWAP_FREE "shelter_swap_free_bytes" "bytes" "Swap that is still free."
    DISK "shelter_disk_size_bytes" "bytes" "The size of a mounted disk."
    DISK_USED "shelter_disk_used_bytes" "bytes" "What is taken. used / (used + free) is how full `df` calls a disk."
    DISK_FREE "shelter_disk_free_bytes" "bytes" "What an ordinary user may still write."
    DISK_READ "shelter_disk_read_bytes_per_second" "bytes_per_second" "What is read from a disk."
    DISK_WRITTEN "shelter_disk_written_bytes_per_second" "bytes_per_second" "What is written to a disk."
    NETWORK_IN "shelter_network_in_bytes_per_second" "bytes_per_second" "What comes in over a network."
    NETWORK_OUT "shelter_network_out_bytes_per_second" "bytes_per_second" "What goes out over a network."
    HEAT "shelter_temperature_celsius" "celsius" "A temperature."
    FAN "shelter_fan_rpm" "rpm" "A fan's turns per minute."
    POWER "shelter_power_watts" "watts" "Power, by what is fed."
    MAINS "shelter_mains" "" "Whether a mains adapter feeds the host."
    BATTERY "shelter_battery_charge_ratio" "ratio" "A battery's charge."
    BATTERY_POWER "shelter_battery_power_watts" "watts" "What a battery gives or takes."
    GPU "shelter_gpu_info" "" "A graphics card: its name, its maker, and its performance state."
    GPU_ASLEEP "shelter_gpu_asleep" "" "Whether the card sleeps, and is left asleep."
    GPU_BUSY "shelter_gpu_busy_ratio" "ratio" "The share of time in which the card worked."
    VRAM "shelter_gpu_memory_size_bytes" "bytes" "The card's own memory."
    VRAM_USED "shelter_gpu_memory_used_bytes" "bytes" "The card's own memory that is taken."
    GPU_HEAT "shelter_gpu_temperature_celsius" "celsius" "The card's temperature."
    GPU_POWER "shelter_gpu_power_watts" "watts" "What the card draws."
    GPU_POWER_LIMIT "shelter_gpu_power_limit_watts" "watts" "What the card may draw."
    GPU_CLOCK "shelter_gpu_clock_hertz" "hertz" "The clock of the card's processors."
    GPU_MEMORY_CLOCK "shelter_gpu_memory_clock_hertz" "hertz" "The clock of the card's memory."
    GPU_THROTTLED "shelter_gpu_throttled" "" "Whether this holds the card's clocks back."
    PCIE "shelter_gpu_pcie_generation" "" "The generation of the card's link now. An idle one is slower by design."
    PCIE_MAX "shelter_gpu_pcie_generation_max" "" "The highest generation both ends of the link can."
    PCIE_WIDTH "shelter_gpu_pcie_width" "" "The lanes of the card's link now."
    PCIE_WIDTH_MAX "shelter_gpu_pcie_width_max" "" "The most lanes the card can."
    GPU_FAN "shelter_gpu_fan_ratio" "ratio" "The card's fan, as a share of what it can."
    GPU_PROCESSES "shelter_gpu_processes" "" "Processes on the card."
    ENGINE "shelter_engine_info" "" "An engine that serves models: which it is, and its version."
    ENGINE_WELL "shelter_engine_well" "" "Whether the engine does what it is there for."
    ENGINE_SLOTS "shelter_engine_slots" "" "Requests the engine can work on at a time."
    ENGINE_RUNNING "shelter_engine_running" "" "Requests the engine works on."
    ENGINE_WAITING "shelter_engine_waiting" "" "Requests that wait for the engine."
    ENGINE_CACHE "shelter_engine_cache_ratio" "ratio" "The share of the engine's memory for conversations that is taken."
    ENGINE_READING "shelter_engine_read_tokens_per_second" "tokens_per_second" "Tokens read, by our own difference of the engine's counters."
    ENGINE_WRITING "shelter_engine_written_tokens_per_second" "tokens_per_second" "Tokens written, by our own difference of the engine's counters."
    MODEL "shelter_model_info" "" "A model that an engine has loaded."
    MODEL_HELD "shelter_model_held_bytes" "bytes" "All memory a loaded model holds."
    MODEL_VRAM "shelter_model_vram_bytes" "bytes" "What a loaded model holds on graphics cards, by its engine or its processes."
    BENCH_AT "shelter_benchmark_taken_timestamp_seconds" "seconds" "When the newest benchmark of its kind ended."
    BENCH_SPEED "shelter_benchmark_tokens_per_second" "tokens_per_second" "The mean of the newest benchmark: of a kernel test, or of so many requests at a time."
    BENCH_STRAY "shelter_benchmark_deviation_tokens_per_second" "tokens_per_second" "The standard deviation of a kernel test's repetitions."
    BENCH_FIRST "shelter_benchmark_first_token_seconds" "seconds" "From a request to the first piece of its answer (TTFT)."
    BENCH_TOKEN "shelter_benchmark_output_token_seconds" "seconds" "A token of an answer, without the first: (last - first) / (tokens - 1) (TPOT)."
    BENCH_FAILED "shelter_benchmark_failed_requests" "requests" "Requests of a level that were not answered."
    BENCH_RATIO "shelter_benchmark_baseline_ratio" "ratio" "A figure's mean over that of its baseline, where the comparison is fair."
    BENCH_WORSE "shelter_benchmark_worse" "" "Whether some figure got worse than its baseline beyond noise, where the comparison is fair."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_that_openmetrics_allows_and_ends_with_its_unit() {
        for family in ALL {
            let Family { name, unit, .. } = family;
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{name}");
            assert!(unit.is_empty() || name.ends_with(&format!("_{unit}")), "{name}");
            for reserved in ["_total", "_created", "_bucket", "_count", "_sum"] {
                assert!(!name.ends_with(reserved), "{name}");
            }
        }
    }

    #[test]
    fn the_page_about_metrics_names_every_family() {
        let page = include_str!("../../../docs/metrics.md");
        for Family { name, help, .. } in ALL {
            assert!(page.contains(&format!("| `{name}` | {help} |")), "| `{name}` | {help} |");
        }
    }
}
