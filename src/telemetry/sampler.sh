# Streams what this machine is doing, as frames of raw text for a pure parser, until nobody reads on.
# Changes nothing, needs no right, and starts no process per frame but `sleep`: files are read by the
# shell itself. Given before: `$shelter_token`, random, opens every line that is not a value;
# `$shelter_pace`, seconds between frames; `$shelter_slow`, frames between slow ones;
# `$shelter_tool`, NVIDIA's, or nothing where it is not to be asked.
nl='
'

# Gathers a line. What is written at once is shorter than PIPE_BUF, so that lines never mix.
say() {
	frame=$frame$*$nl
	[ ${#frame} -lt 3000 ] || flush
}

flush() {
	printf '%s' "$frame" || exit 0
	frame=
}

# The first line of a file in `$line`, or nothing.
look() {
	line=
	read -r line <"$1"
}

# What is there: the lists that `fast` goes through. Names are told in the slow frame.
scan_traffic() {
	nets='' others='' blocks=''
	for path in /sys/class/net/*; do
		[ "${path##*/}" = lo ] && continue
		if [ -e "$path/device" ]; then nets="$nets ${path##*/}"; else others="$others ${path##*/}"; fi
	done
	[ -n "$nets" ] || nets=$others
	for path in /sys/block/*/device; do
		path=${path%/device}
		[ -e "$path/stat" ] && blocks="$blocks ${path##*/}"
	done
}

scan_heat() {
	temps='' fans='' watts='' sleepers=''
	for chip in /sys/class/hwmon/hwmon*; do
		look "$chip/name"
		name=$line
		# These are told with their card.
		case $name in amdgpu | '') continue ;; esac
		for path in "$chip"/temp*_input "$chip"/fan*_input "$chip"/power*_input "$chip"/power*_average; do
			[ -e "$path" ] || continue
			look "${path%_*}_label"
			case $name:$path:$line in
			*:'Core '[0-9]* | *:'Sensor '[0-9]*) continue ;;
			# Asking a disk may keep it from going to sleep.
			drivetemp:*) sleepers="$sleepers $path" ;;
			*/temp*) temps="$temps $path" ;;
			*/fan*) fans="$fans $path" ;;
			*) watts="$watts $path" ;;
			esac
			say "name ${path#/sys/class/} $name $line"
		done
	done
	[ -n "$temps" ] && return
	for path in /sys/class/thermal/thermal_zone*/temp; do
		[ -e "$path" ] || continue
		look "${path%/temp}/type"
		temps="$temps $path"
		say "name ${path#/sys/class/} $line"
	done
}

scan_power() {
	meters=
	for path in /sys/class/powercap/intel-rapl:*; do
		case ${path##*/intel-rapl:} in *[!0-9]*) continue ;; esac
		look "$path/max_energy_range_uj"
		range=$line
		look "$path/name"
		say "meter ${path##*/} ${range:--} $line"
		meters="$meters $path"
	done
	for path in /sys/class/power_supply/*; do
		look "$path/scope"
		[ "$line" = Device ] && continue
		look "$path/type"
		case $line in
		Battery) battery "$path" ;;
		Mains | USB)
			look "$path/online"
			say "mains ${path##*/} ${line:--}"
			;;
		esac
	done
}

battery() {
	for part in capacity status power_now current_now voltage_now; do
		look "$1/$part"
		[ -n "$line" ] && say "battery ${1##*/} $part $line"
	done
}

# Cards that tell of themselves in files: AMD's and Intel's. One that sleeps is left asleep.
scan_cards() {
	cards=
	for card in /sys/class/drm/card[0-9] /sys/class/drm/card[0-9][0-9]; do
		look "$card/device/vendor"
		[ -e "$card/gt_cur_freq_mhz" ] && [ -z "$line" ] && line=0x8086
		case $line in 0x1002 | 0x8086) ;; *) continue ;; esac
		say "card ${card##*/} vendor $line"
		look "$card/device/uevent"
		while read -r line; do
			case $line in PCI_SLOT_NAME=*) say "card ${card##*/} bus ${line#*=}" ;; esac
		done <"$card/device/uevent"
		cards="$cards $card"
		asleep "$card" && continue
		card_files "$card" device/product_name device/mem_info_vram_total device/max_link_speed \
			device/max_link_width device/hwmon/hwmon*/power1_cap gt_max_freq_mhz \
			device/tile0/gt0/freq0/max_freq
	done
}

asleep() {
	look "$1/device/power/runtime_status"
	[ "$line" = suspended ]
}

card_files() {
	card=$1
	shift
	for path in "$@"; do
		[ -e "$card/$path" ] || continue
		look "$card/$path"
		say "card ${card##*/} ${path##*/} $line"
	done
}

governors() {
	seen=' '
	for path in /sys/devices/system/cpu/cpufreq/policy*/scaling_governor; do
		look "$path"
		case $seen in *" $line "*) continue ;; esac
		[ -n "$line" ] || continue
		seen="$seen$line "
		say "governor $line"
	done
}

# Disks of this machine alone: asking one far away may hang.
space() {
	set --
	while read -r source place _; do
		case $source:$place in
		*:/ | /dev/*:*) ;;
		*) continue ;;
		esac
		case $place in /snap/* | /boot/efi | *\\*) continue ;; esac
		case " $seen " in *" $source "*) continue ;; esac
		seen="$seen $source"
		[ -d "$place" ] && set -- "$@" "$place"
	done </proc/mounts
	[ $# -eq 0 ] && return
	flush
	$bounded df -Pk "$@" </dev/null | sed 's/^/df /'
}

# Ports on which somebody listens. They stand before all connections in these lists.
listeners() {
	for path in /proc/net/tcp /proc/net/tcp6; do
		while read -r _ place _ state _ _ _ _ _ inode _; do
			case $state in
			0A) say "listen $place $inode" ;;
			st) ;;
			*) break ;;
			esac
		done <"$path"
	done
}

slow() {
	say "$shelter_token slow"
	scan_traffic
	scan_heat
	scan_power
	scan_cards
	governors
	listeners
	seen=
	for path in $sleepers; do
		look "$path"
		say "sensor ${path#/sys/class/} ${line:--}"
	done
	space
	say "$shelter_token end"
}

fast() {
	say "$shelter_token fast"
	look /proc/uptime
	say "uptime $line"
	look /proc/stat
	say "stat $line"
	look /proc/loadavg
	say "load $line"
	while read -r key value _; do
		case $key in
		MemTotal: | MemAvailable: | SwapTotal:) say "mem $key $value" ;;
		SwapFree:)
			say "mem $key $value"
			break
			;;
		esac
	done </proc/meminfo
	for name in $nets; do
		look "/sys/class/net/$name/statistics/rx_bytes"
		received=$line
		look "/sys/class/net/$name/statistics/tx_bytes"
		say "net $name ${received:--} ${line:--}"
	done
	for name in $blocks; do
		look "/sys/block/$name/stat"
		say "io $name $line"
	done
	for path in $temps $fans $watts; do
		look "$path"
		say "sensor ${path#/sys/class/} ${line:--}"
	done
	for path in $meters; do
		look "$path/energy_uj"
		say "energy ${path##*/} ${line:--}"
	done
	for path in $cards; do
		if asleep "$path"; then
			say "card ${path##*/} asleep yes"
			continue
		fi
		card_files "$path" device/gpu_busy_percent device/mem_info_vram_used device/current_link_speed \
			device/current_link_width device/hwmon/hwmon*/temp1_input device/hwmon/hwmon*/power1_average \
			device/hwmon/hwmon*/power1_input device/hwmon/hwmon*/freq1_input \
			device/hwmon/hwmon*/fan1_input gt_cur_freq_mhz \
			device/tile0/gt0/freq0/cur_freq
	done
	say "$shelter_token end"
	flush
}

# Says each line of NVIDIA's tool with the token before it.
relay() {
	while IFS= read -r line; do
		printf '%s %s\n' "$shelter_token $1" "$line" || exit 0
	done
}

# Whether every card of NVIDIA's sleeps: asking would wake them.
nvidia_sleeps() {
	sleeping=1
	for path in /sys/bus/pci/devices/*; do
		look "$path/vendor"
		[ "$line" = 0x10de ] || continue
		look "$path/class"
		case $line in 0x03*) ;; *) continue ;; esac
		look "$path/power/runtime_status"
		[ "$line" = suspended ] || return 1
		sleeping=0
	done
	return $sleeping
}

# The tool is in a session of its own: whatever ends this program never ends the tool by force. It
# ends by itself when nobody reads it. Names of fields depend on its age, the newest come first.
# Its loop keeps a card awake: where nobody looks it is asked once a look, and the card may sleep in between.
nvidia_rows() {
	rest=60
	set -- -l "$shelter_pace"
	if [ "$shelter_pace" -ge 60 ]; then
		rest=$shelter_pace
		set --
	fi
	while :; do
		if nvidia_sleeps; then
			echo "= asleep"
			sleep 30
			continue
		fi
		for named in \
			pcie.link.gen.gpucurrent,pcie.link.gen.gpumax:clocks_event_reasons.active \
			pcie.link.gen.current,pcie.link.gen.max:clocks_throttle_reasons.active; do
			fields=index,uuid,${named%:*},pcie.link.width.current,pcie.link.width.max,utilization.gpu
			fields=$fields,memory.total,memory.used,temperature.gpu,power.draw,power.limit,clocks.sm
			fields=$fields,clocks.mem,fan.speed,pstate,${named#*:},name,pci.bus_id
			echo "= begin"
			setsid nvidia-smi --format=csv,noheader,nounits "$@" --query-gpu="$fields" 2>&1
			status=$?
			echo "= end $status"
			[ $status = 2 ] || break
		done
		sleep "$rest"
	done
}

# Which open socket each process on a card answers at, or the nearest process that has started it. What is another
# user's is for root alone to see.
servers() {
	heard=' '
	for path in /proc/net/tcp /proc/net/tcp6; do
		while read -r _ _ _ state _ _ _ _ _ inode _; do
			case $state in 0A) heard="$heard$inode " ;; st) ;; *) break ;; esac
		done <"$path"
	done
	printf '%s\n' "$1" | while IFS=, read -r _ pid _; do
		pid=${pid# } at=${pid# } generation=0
		case $pid in '' | *[!0-9]*) continue ;; esac
		while [ "${at:-0}" -gt 1 ] && [ $generation -lt 4 ]; do
			found=
			# Names of open files are numbers.
			# shellcheck disable=SC2012
			for socket in $(ls -l "/proc/$at/fd" | sed -n 's/.*socket:\[\([0-9]*\)\]$/\1/p'); do
				case $heard in *" $socket "*) found=1 && echo "= serves $pid $socket" ;; esac
			done
			[ -z "$found" ] || break
			parent=
			while read -r key value _; do
				[ "$key" = PPid: ] && parent=$value && break
			done <"/proc/$at/status"
			at=$parent generation=$((generation + 1))
		done
	done
}

nvidia_processes() {
	rest=30
	[ "$shelter_pace" -lt 60 ] || rest=$shelter_pace
	while :; do
		if nvidia_sleeps; then
			sleep 30
			continue
		fi
		echo "= begin"
		rows=$(setsid nvidia-smi --format=csv,noheader,nounits \
			--query-compute-apps=gpu_uuid,pid,used_memory,process_name 2>&1)
		status=$?
		[ -z "$rows" ] || printf '%s\n' "$rows"
		[ $status != 0 ] || servers "$rows"
		echo "= end $status"
		sleep "$rest"
	done
}

nvidia() {
	if [ -z "$shelter_tool" ] || ! command -v "$shelter_tool" >/dev/null; then
		say "$shelter_token cards none"
	elif ! command -v setsid >/dev/null; then
		say "$shelter_token cards unasked"
	else
		say "$shelter_token cards asked"
		nvidia_rows </dev/null | relay rows &
		nvidia_processes </dev/null | relay processes &
	fi
}

main() {
	exec 2>/dev/null
	LC_ALL=C
	export LC_ALL
	# As a login of a person would find them: WSL keeps NVIDIA's tool aside.
	PATH=$PATH:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/usr/lib/wsl/lib
	bounded=
	command -v timeout >/dev/null && bounded='timeout 5'
	frame=$nl
	if ! [ -r /proc/stat ]; then
		say "$shelter_token foreign"
		flush
		exit 0
	fi
	nvidia
	count=0
	while :; do
		[ $((count % shelter_slow)) = 0 ] && slow
		fast
		# A rate takes two looks; the first two are close together.
		if [ $count = 0 ]; then sleep 0.5 || sleep 1; else sleep "$shelter_pace"; fi </dev/null
		count=$((count + 1))
	done
}

main
