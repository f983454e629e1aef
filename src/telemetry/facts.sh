# Tells what this machine is, as sections of raw text for a pure parser. Changes nothing. Needs no
# right. `$shelter_token` is random and opens every section, so that no value can forge one.
shelter_patience=8

section() {
	printf '%s %s\n' "$shelter_token" "$1"
}

bounded() {
	if command -v timeout >/dev/null; then
		timeout "$shelter_patience" "$@" </dev/null
	else
		"$@" </dev/null
	fi
}

python() {
	path=$(command -v python3) || return 0
	# Apple's own is a stub that opens a dialogue until the developer tools are there.
	[ "$system" = Darwin ] && [ "$path" = /usr/bin/python3 ] &&
		! xcode-select -p </dev/null >/dev/null && return 0
	section python
	python3 -V </dev/null 2>&1
}

# What may take long or hang: it runs beside the rest, into a pipe that is read last.
slow() {
	python
	section virt
	command -v systemd-detect-virt >/dev/null && bounded systemd-detect-virt
	section root
	for program in sudo doas; do
		command -v $program >/dev/null || continue
		[ "$uid" = 0 ] && break
		printf 'program=%s\n' $program
		said=$(bounded $program -n true 2>&1)
		printf 'status=%s\nsaid=%s\n' $? "$said"
		# sudo-rs tells its version as if it were an error.
		[ $program = sudo ] && sudo -V </dev/null 2>&1
		break
	done
	if command -v nvidia-smi >/dev/null; then
		section nvidia
		bounded nvidia-smi --format=csv,noheader,nounits \
			--query-gpu=pci.bus_id,driver_version,compute_cap,memory.total,name 2>&1
		printf '\n%s nvidia-status\n%s\n' "$shelter_token" $?
	fi
	section slow-end
}

# Copies what `slow` said, and gives up when that never ends: a driver may hang beyond any signal.
collect() {
	(while IFS= read -r line; do printf '%s\n' "$line"; done) <&3 &
	reader=$!
	if command -v nvidia-smi >/dev/null || ! command -v timeout >/dev/null; then
		(
			trap 'kill "$nap"; exit' TERM
			sleep $((shelter_patience + 2)) &
			nap=$!
			wait "$nap"
			kill "$reader"
		) >/dev/null 3<&- &
		watch=$!
		wait "$reader"
		kill "$watch"
	else
		wait "$reader"
	fi
	echo
}

present() {
	section present
	for path in /run/systemd/system /run/systemd/seats /run/openrc/softlevel /.dockerenv \
		/run/.containerenv /dev/dxg /sys/bus/pci/devices "/var/lib/systemd/linger/$user"; do
		[ -e "$path" ] && printf '%s\n' "$path"
	done
}

# `sync` of old knows no options and would sync every disk, so it is asked for its help.
tools() {
	section tools
	shelter_list_tools
	[ "$system" = Linux ] || return 0
	case $(sync --help </dev/null 2>&1) in *' -d'*)
		section sync-data
		command -v sync
		;;
	esac
}

# The first processor only: on a large machine the file is long and slow to read.
processor() {
	section cpuinfo
	while IFS= read -r line && [ -n "$line" ]; do
		printf '%s\n' "$line"
	done </proc/cpuinfo
}

# Only file systems that are local: asking a dead server for its free space would hang.
disks() {
	mounts=$(grep -E '^[^ ]+ (/ [^ ]+|[^ ]+ (ext[234]|xfs|btrfs|zfs|f2fs|bcachefs|jfs|reiserfs|vfat|exfat|ntfs3?|fuseblk|apfs|hfsplus|9p|drvfs|virtiofs)) ' </proc/self/mounts)
	set --
	seen=
	section mounts
	while read -r source mount kind _; do
		case "$mount $source $seen" in /run/host/* | *" /dev/"*" $source "*) continue ;; esac
		place=$mount
		case $mount in *\\*) place=$(printf '%b' "$mount") ;; esac
		[ ! -d "$place" ] && continue
		[ $# -ge 32 ] && break
		seen="$seen $source "
		printf '%s %s %s\n' "$source" "$mount" "$kind"
		set -- "$@" "$place"
	done <<-END
		$mounts
	END
	section df
	[ $# -gt 0 ] && bounded df -Pk "$@"
}

# The files of display controllers and accelerators (PCI classes 03 and 12), and their names.
cards() {
	card_files=
	section cards
	for card in /sys/bus/pci/devices/*; do
		class=
		[ -r "$card/class" ] && read -r class <"$card/class"
		case $class in 0x03* | 0x12*) ;; *) continue ;; esac
		card_files="$card_files $card/uevent $card/mem_info_vram_total"
		card_files="$card_files $card/tile0/physical_vram_size_bytes"
		read -r vendor <"$card/vendor"
		read -r device <"$card/device"
		for ids in /usr/share/misc/pci.ids /usr/share/hwdata/pci.ids; do
			[ -r $ids ] || continue
			printf '%s ' "${card##*/}"
			sed -n "/^${vendor#0x} /,/^[0-9a-f]/{
				s/^	${device#0x}  //
				t found
				b
				: found
				p
				q
			}" <$ids
			echo
			break
		done
	done
}

linux() {
	processor
	disks
	cards
	section device-tree
	for file in /proc/device-tree/model /proc/device-tree/compatible; do
		[ -r $file ] && tr '\0' '\n' <$file
	done
	section files
	# One process reads them all and names each. Word splitting and globs are meant.
	# shellcheck disable=SC2086
	grep -sHv -e '^$' -e '^#$' -e '^# ' /etc/os-release /usr/lib/os-release /proc/meminfo /proc/uptime /proc/self/cgroup \
		/proc/sys/kernel/random/boot_id /proc/1/comm /etc/nv_tegra_release /run/systemd/container \
		/sys/devices/system/cpu/online /sys/devices/system/node/online \
		/sys/devices/system/cpu/cpu[0-9]*/topology/thread_siblings_list \
		/sys/class/power_supply/*/type /sys/class/power_supply/*/scope \
		/sys/class/power_supply/*/capacity /sys/class/power_supply/*/status \
		/sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name \
		/sys/block/*/queue/rotational /sys/block/dm-*/dm/name \
		/sys/module/nvidia/version /proc/driver/nvidia/gpus/*/information \
		/usr/lib/systemd/logind.conf /etc/systemd/logind.conf /usr/lib/systemd/logind.conf.d/*.conf \
		/run/systemd/logind.conf.d/*.conf /etc/systemd/logind.conf.d/*.conf $card_files </dev/null
}

darwin() {
	section sysctl
	sysctl hw.memsize hw.pagesize hw.physicalcpu hw.logicalcpu hw.optional vm.swapusage \
		machdep.cpu.brand_string machdep.cpu.leaf7_features kern.boottime kern.bootsessionuuid \
		kern.hv_vmm_present </dev/null
	section vm_stat
	vm_stat </dev/null
	section sw_vers
	sw_vers </dev/null
	section mount
	mount </dev/null
	section df
	df -Pkl </dev/null
	section pmset
	pmset -g batt </dev/null
}

gather() {
	section clock
	date +%s%N </dev/null
	section uname
	printf '%s\n' "$names"
	section id
	printf '%s\n' "$whole_id"
	section env
	printf 'HOME=%s\nSHELL=%s\n' "$HOME" "$SHELL"
	present
	tools
	case $system in Linux) linux ;; Darwin) darwin ;; esac
	section key
	shelter_key
	printf '%s\n' "$shelter_key"
	collect
	section clock-end
	date +%s%N </dev/null
	section end
}

main() {
	exec 2>/dev/null
	printf '\n%s begin\n' "$shelter_token"
	names=$(uname -snrm)
	system=${names%% *}
	whole_id=$(id </dev/null)
	uid=${whole_id#uid=}
	uid=${uid%%[!0-9]*}
	user=${whole_id#*\(}
	user=${user%%\)*}
	{ slow & } | gather 3<&0 </dev/null
}

main
exit 0
