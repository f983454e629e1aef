say() { printf '%s %s\n' "$shelter_token" "$*"; }
printf '%s clock ' "$shelter_token"; date +%s%N </dev/null
if read -r boot </proc/sys/kernel/random/boot_id; then say "boot $boot"; fi 2>/dev/null
if [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1; then
	for unit in $shelter_units; do
		state=$(systemctl --no-pager show -p LoadState -p ActiveState -p SubState -- "$unit" </dev/null 2>/dev/null) &&
			say "unit $unit" $state
	done
	if failed=$(systemctl --no-pager --plain --no-legend --state=failed list-units </dev/null 2>/dev/null); then
		say systemd
		printf '%s\n' "$failed" | while read -r unit _; do
			if [ -n "$unit" ]; then say "failed $unit"; fi
		done
	fi
fi
printf '%s clock-end ' "$shelter_token"; date +%s%N </dev/null
say end
