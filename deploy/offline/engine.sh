# A container engine of our own for one run: started by hand, on a socket of its own, and gone without a trace afterwards.
# Sourced by `run`; uses house. engine_start sets DOCKER_HOST; engine_stop takes back the process, its bridges, its iptables rules.

ENGINE_BEFORE=/run/pkp-engine.before

engine_start() { # engine_start DATA_FOLDER
    ENGINE_RUN=$(mktemp -d /tmp/pkp-engine.XXXXXX) # short: the path of a socket has 107 characters at most
    # How this machine was before; a run that was cut off with kill -9 has left the note, and its traces, for the next one.
    [[ -s $ENGINE_BEFORE ]] || { cat /proc/sys/net/ipv4/ip_forward; iptables -S FORWARD | sed -n 's/^-P FORWARD //p'; engine_bridges; } >"$ENGINE_BEFORE"
    mkdir -p "$1"
    # It ends with this script, however that ends. Published ports are for this machine only. The bridge takes the MTU of the way
    # out, or large packets would be lost.
    setsid python3 -I "$house/tests/realparts/launch.py" 15 "$$" "" \
        dockerd --data-root "$1" --exec-root "$ENGINE_RUN/exec" --pidfile "$ENGINE_RUN/dockerd.pid" \
        --host "unix://$ENGINE_RUN/docker.sock" --ip 127.0.0.1 --mtu "$(engine_mtu)" >"$ENGINE_RUN/dockerd.log" 2>&1 </dev/null &
    ENGINE_PID=$!
    export DOCKER_HOST="unix://$ENGINE_RUN/docker.sock"
    for _ in $(seq 100); do
        docker version >/dev/null 2>&1 && { engine_tidy; return 0; }
        kill -0 "$ENGINE_PID" 2>/dev/null || break
        sleep 0.2
    done
    tail -n 20 "$ENGINE_RUN/dockerd.log" >&2
    echo "the container engine did not start" >&2
    return 1
}

engine_stop() {
    [[ -n ${ENGINE_PID:-} ]] || return 0
    local left
    left=$(timeout 20 docker ps -q 2>/dev/null) && [[ -n $left ]] && timeout 60 docker kill $left >/dev/null 2>&1
    kill "$ENGINE_PID" 2>/dev/null
    wait "$ENGINE_PID" 2>/dev/null
    ENGINE_PID=
    for link in $(comm -13 <(tail -n +3 "$ENGINE_BEFORE") <(engine_bridges)); do
        ip link delete "$link" 2>/dev/null
    done
    for tables in iptables ip6tables; do
        for table in nat filter; do
            engine_forget_rules "$tables" "$table"
        done
    done
    iptables -P FORWARD "$(sed -n 2p "$ENGINE_BEFORE")"
    head -n 1 "$ENGINE_BEFORE" >/proc/sys/net/ipv4/ip_forward
    rm -rf "$ENGINE_RUN" "$ENGINE_BEFORE"
}

# What a run that was cut off left in the data folder.
engine_tidy() {
    docker ps -aq | xargs -r docker rm -f -v >/dev/null
    docker volume ls -q | xargs -r docker volume rm >/dev/null
    docker network prune -f >/dev/null
}

engine_bridges() { ip -o link show type bridge | awk -F': ' '{print $2}' | sort; }

engine_mtu() {
    local way
    way=$(ip -o route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
    cat "/sys/class/net/$way/mtu" 2>/dev/null || echo 1500
}

# What an engine leaves behind: rules that name its chains or bridges, then the chains.
engine_forget_rules() { # engine_forget_rules iptables|ip6tables TABLE
    "$1" -t "$2" -S 2>/dev/null | grep -E '^-A .*(DOCKER|docker0|br-[0-9a-f]{12})' | sed 's/^-A/-D/' | while read -r rule; do
        eval "$1 -t $2 $rule" 2>/dev/null
    done
    # A second look: masquerading of a bridge's addresses names no bridge but with `! -o`.
    "$1" -t "$2" -S 2>/dev/null | sed -n 's/^-N \(DOCKER.*\)/\1/p' | while read -r chain; do
        "$1" -t "$2" -F "$chain" && "$1" -t "$2" -X "$chain"
    done
}
