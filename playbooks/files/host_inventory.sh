#!/bin/sh
# What this host is, as far as it does not change by itself: `json` for programs, `page` for people.
# Changes nothing. What cannot be told without root is left out.
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/sbin:/sbin

# put SECTION KEY VALUE: a line of the record, if there is a value.
put() {
  value=$(printf '%s' "$3" | tr '\n\t' '; ' | tr -d '\000-\037')
  [ -z "$value" ] || printf '%s\t%s\t%s\n' "$1" "$2" "$value"
}
# first FILE: its first line.
first() { [ ! -r "$1" ] || { IFS= read -r line <"$1" || [ -n "$line" ]; } && printf '%s' "$line"; line=''; }
has() { command -v "$1" >/dev/null 2>&1; }

hardware() {
  for part in sys_vendor product_name product_version board_name chassis_type; do
    put hardware "$part" "$(first /sys/class/dmi/id/$part)"
  done
  [ ! -r /proc/device-tree/model ] || put hardware model "$(tr -d '\000' </proc/device-tree/model)"
  put hardware processor "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | sort -u)"
  put hardware threads "$(grep -c '^processor' /proc/cpuinfo)"
  put hardware memory_kib "$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)"
  has lsblk && lsblk -dnro NAME,TYPE,SIZE,ROTA,MODEL 2>/dev/null | awk '$2 == "disk"' | sort | while read -r name _ size rota model; do
    put hardware "disk_$name" "$size, $([ "$rota" = 1 ] && echo turning || echo 'solid state'), $model"
  done
  for card in /sys/class/drm/card[0-9]*; do
    case $card in *-*) continue ;; esac
    [ ! -e "$card/device/vendor" ] || put hardware "gpu_${card##*/}" "$(first "$card/device/vendor") $(first "$card/device/device")"
  done
  for port in /sys/class/net/*; do
    [ ! -e "$port/device" ] || put hardware "network_${port##*/}" "$(first "$port/address")"
  done
}

firmware() {
  for part in bios_vendor bios_version bios_date; do
    put firmware "$part" "$(first /sys/class/dmi/id/$part)"
  done
  put firmware boot "$([ -d /sys/firmware/efi ] && echo UEFI || echo 'BIOS or other')"
  has mokutil && put firmware secure_boot "$(mokutil --sb-state 2>/dev/null)"
  put firmware microcode "$(sed -n 's/^microcode[[:space:]]*: //p' /proc/cpuinfo | sort -u)"
}

system() {
  put kernel release "$(first /proc/sys/kernel/osrelease)"
  put kernel build "$(first /proc/sys/kernel/version)"
  put kernel command_line "$(first /proc/cmdline)"
  # shellcheck source=/dev/null
  put system name "$(. /etc/os-release 2>/dev/null && echo "$PRETTY_NAME")"
  put system hostname "$(first /proc/sys/kernel/hostname)"
  put system init "$(first /proc/1/comm)"
  has dpkg-query && put system packages "$(dpkg-query -W -f '${db:Status-Status}\n' | grep -cx installed)"
  put system python "$(has python3 && python3 --version 2>&1)"
}

security() {
  put security modules "$(first /sys/kernel/security/lsm)"
  put security lockdown "$(first /sys/kernel/security/lockdown)"
  put security address_randomisation "$(first /proc/sys/kernel/randomize_va_space)"
  put security kernel_pointers "$(first /proc/sys/kernel/kptr_restrict)"
  put security ptrace_scope "$(first /proc/sys/kernel/yama/ptrace_scope)"
  for flaw in /sys/devices/system/cpu/vulnerabilities/*; do
    [ ! -r "$flaw" ] || put security "flaw_${flaw##*/}" "$(first "$flaw")"
  done
  put security uid_0 "$(awk -F: '$3 == 0 { print $1 }' /etc/passwd)"
  put security sudoers "$(sed -n 's/^\(sudo\|wheel\|admin\):[^:]*:[^:]*:/\1: /p' /etc/group)"
  for tool in nft ufw firewall-cmd fail2ban-client aa-status unattended-upgrade auditctl; do
    put security "has_$tool" "$(has $tool && echo yes || echo no)"
  done
  [ ! -r /etc/ssh/sshd_config ] || put security sshd "$(cat /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null |
    grep -iE '^[[:space:]]*(PermitRootLogin|PasswordAuthentication|PermitEmptyPasswords|X11Forwarding)' | sort -u)"
  has lsblk && put security encrypted_disks "$(lsblk -nro TYPE 2>/dev/null | grep -cx crypt)"
}

all() { hardware; firmware; system; security; }

case ${1:-json} in
  json)
    all | awk -F '\t' '
      function text(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return "\"" s "\"" }
      { if ($1 != section) { printf "%s  %s: {\n", (section == "" ? "{\n" : "\n  },\n"), text($1); section = $1 } else printf ",\n"
        printf "    %s: %s", text($2), text($3) }
      END { print (section == "" ? "{}" : "\n  }\n}") }'
    ;;
  page)
    all | awk -F '\t' '
      BEGIN { print "# What this host is" }
      { if ($1 != section) { section = $1; printf "\n## %s\n\n| | |\n|---|---|\n", section }
        gsub(/\|/, "\\|", $3); gsub(/_/, " ", $2); printf "| %s | %s |\n", $2, $3 }'
    ;;
  *)
    echo "usage: $0 json|page" >&2
    exit 64
    ;;
esac
