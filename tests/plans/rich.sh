{
# 00_test on alder, run r7k2
_run='r7k2'
_playbook='00_test'
_console='a test'
_boot=''
_digest=''
_mode=apply
_diff=0
_onfail=stop
_survival=session
_root=1
_cap=1048576
_steps=2
_handlers=1
_checks_s=60
# (the runner)
_open_slots() { :; }
_hand_over() { :; }
_receive() { :; }
_beside() { :; }
_close_slots() { :; }
_guarded() { _leg "$1" "$2" "$3" >>"$_dir/$_file.out" 2>>"$_dir/$_file.err"; }
_differ() { _leg "_d$1_$2" "$1" "$2" 2>/dev/null >>"$_dir/$_file.diff"; }
note() { printf '%s\n' "$1"; }
_ahead='  '
# 0: do conf (00_test.yaml:1:1)
_s0() { _items=1 _notify='2'; }
_c0_0() {
[ -f ./'it'\''s' ] && payload 0 | cmp -s - ./'it'\''s' || return 10
}
_a0_0() {
payload 0 >./'it'\''s'
}
_d0_0() {
payload 0 | diff -u ./'it'\''s' -
}
_b0_0() {
[ ! -e ./'it'\''s' ] || cp -p -- ./'it'\''s' "$SHELTER_SAVE/was"
}
_r0_0() {
rm -f -- ./'it'\''s' && { [ ! -e "$SHELTER_SAVE/was" ] || cp -p "$SHELTER_SAVE/was" ./'it'\''s'; }
}
_i0_0() { _legs=cndx; }
_p0_0_0() {
printf %s 'text with '\''quotes'\'' and $(such)
'
}
# 1: do build (00_test.yaml:1:1)
_s1() { _items=1 _user='ops' _retries=2 _delay=5 _needs='0' _flags=dew; }
_e1() {
export CC='clang'
cd -- '/srv/a b' || return
}
_w1_0() { _did changed 0; }
_w1_1_0() { _output_has 0 out 'it'\''s'; }
_w1_1() { _not _w1_1_0; }
_w1() { _any _w1_0 _w1_1; }
_a1_0() {
eval 'make -j4'
}
_i1_0() { _legs=; }
# 2: do restart (00_test.yaml:1:1)
_s2() { _items=1 _user='ops' _flags=d; }
_h2='restart'
_a2_0() {
eval 'systemctl restart it'
}
_i2_0() { _legs=; }
_main "$@"
}
