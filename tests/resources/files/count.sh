#!/usr/bin/env bash
to=$1
printf "%s %s\n" "$#" "$2" >"$to"
