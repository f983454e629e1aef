//! What the sensors of practice hosts show.

use shelter::lab::Profile;

use super::visitor::TestLab;

#[tokio::test]
async fn a_workhorse_has_a_card_that_says_it_is_simulated() {
    let lab = TestLab::new();
    let shadow = lab.visit(Profile::Shadow).await;
    let query =
        "nvidia-smi --query-gpu=name,memory.total,compute_cap --format=csv,noheader,nounits";
    assert_eq!(shadow.ask(query).await, "NVIDIA GeForce GTX 1050 Ti (SIMULATED), 4096, 6.1");
    let load = "nvidia-smi --query-gpu=utilization.gpu,temperature.gpu,memory.used --format=csv,noheader,nounits";
    let load = shadow.ask(load).await;
    let values: Vec<u32> = load.split(", ").map(|value| value.parse().unwrap()).collect();
    assert!(values[0] <= 100 && (30..90).contains(&values[1]) && values[2] < 4096, "{load}");
    let wrong = shadow.run("nvidia-smi --query-gpu=beauty --format=csv").await;
    assert_eq!(wrong.status, Some(2));
    assert!(shadow.ask("nvidia-smi").await.contains("SIMULATED"));
    assert!(shadow.ask("nvidia-smi -L").await.starts_with("GPU 0: NVIDIA GeForce"));
}

#[tokio::test]
async fn a_laptop_has_a_battery_and_temperatures() {
    let lab = TestLab::new();
    let phantom = lab.visit(Profile::Phantom).await;
    let charge: u8 =
        phantom.ask("cat /sys/class/power_supply/BAT1/capacity").await.parse().unwrap();
    assert!(charge <= 100);
    let heat = "cat /sys/class/thermal/thermal_zone0/temp /sys/class/hwmon/hwmon0/temp1_input";
    for milli in phantom.ask(heat).await.lines() {
        assert!((20_000..100_000).contains(&milli.parse::<u32>().unwrap()), "{milli}");
    }
    let marker = phantom.ask("cat /etc/mountain_shelter_simulated").await;
    assert!(marker.starts_with("SIMULATED"));
    assert!(phantom.run("command -v nvidia-smi").await.status != Some(0));
}

#[tokio::test]
async fn a_temperature_is_written_anew_while_somebody_is_connected() {
    let lab = TestLab::new();
    let phantom = lab.visit(Profile::Phantom).await;
    let file = "/sys/class/hwmon/hwmon0/temp1_input";
    let wait =
        format!("old=$(cat {file}); until [ \"$(cat {file})\" != \"$old\" ]; do sleep 0.1; done");
    phantom.ask(&wait).await;
    let denied = phantom.run(&format!("echo 1 >{file}")).await.stderr;
    assert!(denied.contains("Read-only"), "{denied}");
}
