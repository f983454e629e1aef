# shellcheck shell=sh
# The twenty steps of playbooks/90_converged.yaml as one would write them by hand: look, and act only where it is not so.
# Read by `sh -s HOST`, as root.
set -eu
name=$1 fine=0 done=0
b=/srv/shelter_bench

well() { fine=$((fine + 1)); }
made() { done=$((done + 1)); echo "changed $1"; }
is() { [ "$(stat -c %a.%u.%g "$1" 2>/dev/null)" = "$2.0.0" ]; }

folder() { # PATH MODE
  if [ -d "$1" ] && is "$1" "$2"; then well; return; fi
  mkdir -p "$1" && chmod "$2" "$1" && chown root:root "$1" && made "$1"
}
content() { # PATH MODE, the content on stdin
  new=$(mktemp)
  cat >"$new"
  if is "$1" "$2" && cmp -s "$new" "$1"; then
    rm "$new"
    well
  else
    chmod "$2" "$new" && chown root:root "$new" && mv "$new" "$1" && made "$1"
  fi
}
setting() { # PATH PATTERN LINE
  if grep -qxF "$3" "$1" 2>/dev/null; then well; return; fi
  if grep -q "$2" "$1" 2>/dev/null; then sed -i "s/$2.*/$3/" "$1"; else echo "$3" >>"$1"; fi
  made "$1"
}

folder $b 755
folder $b/bin 755
folder $b/etc 750
folder $b/var 755
folder $b/log 750
folder $b/tmp 1777
folder $b/www 755
folder $b/www/static 755
content $b/etc/app.conf 640 <<E
# shop: managed, do not edit
[server]
name = shop
host = $name
port = 8080
[upstreams]
server = 10.77.1.10:9000
server = 10.77.1.11:9000
server = 10.77.1.12:9000
E
content $b/etc/app.service 644 <<E
[Unit]
Description=shop on $name
After=network.target

[Service]
ExecStart=/srv/shelter_bench/bin/shop --port 8080
User=shelter_bench
Restart=on-failure

[Install]
WantedBy=multi-user.target
E
content $b/www/index.html 644 <<'E'
<!doctype html>
<title>shop</title>
<p>It works.</p>
E
content $b/etc/motd 644 <<'E'
This host is managed. Changes made by hand will be undone.
E
setting $b/etc/environment '^APP_ENV=' APP_ENV=production
setting $b/etc/hosts '^10\.77\.0\.250 ' '10.77.0.250 registry.lab'
setting /etc/sysctl.d/60-shelter-bench-net.conf '^net\.core\.somaxconn *=' 'net.core.somaxconn = 4096'
setting /etc/sysctl.d/61-shelter-bench-vm.conf '^vm\.swappiness *=' 'vm.swappiness = 60'
if [ "$(dpkg-query -W -f '${db:Status-Status}' curl 2>/dev/null)" = installed ]; then well; else apt-get install -qq -y curl; made curl; fi
if getent passwd shelter_bench >/dev/null; then well; else useradd --system --no-create-home shelter_bench; made user; fi
if [ "$(readlink $b/current)" = $b/www ]; then well; else ln -sfn $b/www $b/current; made current; fi
if [ -e $b/var/initialised ]; then well; else touch $b/var/initialised; made initialised; fi
echo "ok=$fine changed=$done"
