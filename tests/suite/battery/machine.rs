//! D: what happens to the machine while it builds: kills, full disks, limits, other builds, other clocks.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{assert_is_whole, built, refused, whole};
use crate::project::{Project, TODAY};

/// How often what is left to chance is tried: every time here, as often as the contract says where all of it is asked for.
fn times(few: usize, all: usize) -> usize {
    if std::env::var_os("FOREWARN_TEST_FULL").is_some() { all } else { few }
}

/// Two handbooks that take each other's place, and the outputs of both.
struct Two {
    project: Project,
    outputs: [BTreeMap<String, Vec<u8>>; 2],
}

impl Two {
    fn new() -> Self {
        let project = whole();
        let outputs = [1, 0].map(|which| {
            Self::put(&project, which);
            built(&project)
        });
        let [one, zero] = outputs;
        Self { project, outputs: [zero, one] }
    }

    fn put(project: &Project, which: usize) {
        for page in 0..20 {
            project.write(&format!("content/p{page}.md"), format!("# Page {page}\n\nThe text of {which}.\n").repeat(1 + which * 3));
        }
        project.sh("rm -f content/only-*");
        project.write(&format!("content/only-{which}.md"), "# Only here\n");
    }

    /// Which of the two the output is, whole.
    fn which(&self) -> usize {
        let now = self.project.tree("public");
        assert_is_whole(&now);
        self.outputs.iter().position(|output| *output == now).expect("the old output or the new one, and nothing between")
    }

    fn left(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.project.path("")).expect("the folder").flatten();
        names.map(|entry| entry.file_name().to_string_lossy().into_owned()).filter(|name| name.contains("forewarn-")).collect()
    }
}

fn begin(project: &Project) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_forewarn"));
    command.args(["build", "--today", TODAY]).current_dir(project.path("")).envs(project.alone()).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs")
}

/// Waits as long as chance says, up to a little more than a build took.
fn wait_a_while(chance: &mut u32, took: Duration) {
    *chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    std::thread::sleep(took * (*chance >> 16) / 60_000);
}

#[test]
fn d01_killed_at_any_moment_the_output_is_the_old_one_or_the_new_one() {
    let two = Two::new();
    let began = Instant::now();
    built(&two.project);
    let (took, mut chance) = (began.elapsed(), 4711);
    for n in 0..times(25, 200) {
        Two::put(&two.project, n % 2);
        let mut child = begin(&two.project);
        wait_a_while(&mut chance, took);
        child.kill().expect("killed");
        child.wait().expect("ended");
        two.which();
        if n % 5 == 4 {
            assert_eq!(two.project.run("build").code, 0, "the next run repairs");
            assert_eq!((two.which(), two.left()), (n % 2, Vec::<String>::new()));
        }
    }
    assert_eq!(two.project.run("build").code, 0);
    assert_eq!(two.left(), [""; 0]);
}

#[test]
fn d02_a_signal_ends_the_build_and_leaves_nothing_beside_the_old_output() {
    let two = Two::new();
    let began = Instant::now();
    built(&two.project);
    let (took, mut chance) = (began.elapsed(), 42);
    for n in 0..times(12, 60) {
        let (name, signal) = [("INT", 2), ("TERM", 15)][n % 2];
        let before = two.which();
        Two::put(&two.project, 1 - before);
        let mut child = begin(&two.project);
        wait_a_while(&mut chance, took);
        let _ = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).stderr(Stdio::null()).status();
        let status = child.wait().expect("ended");
        // Where nothing is being written, a signal does what it always does, and a shell calls that 130 and 143 too.
        let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
        assert!(code == 0 || code == 128 + signal, "{name}: {status}");
        let after = match status.code() {
            Some(0) => 1 - before,
            Some(_) => before,
            // Before anything is written, or when all is: what is there is whole.
            None => two.which(),
        };
        assert_eq!((two.which(), two.left()), (after, Vec::<String>::new()), "{name}: {status}");
    }
}

/// Where this machine lets nobody mount anything, there is no small disk.
#[cfg(target_os = "linux")]
fn may_mount() -> bool {
    let may = Command::new("unshare").args(["-rm", "sh", "-c", "mount -t tmpfs tmpfs /tmp"]).output().is_ok_and(|ran| ran.status.success());
    if !may {
        eprintln!("this machine lets nobody mount a disk: not tried");
    }
    may
}

#[cfg(target_os = "linux")]
#[test]
fn d03_a_disk_that_is_full_at_any_point_leaves_the_old_output() {
    if !may_mount() {
        return;
    }
    let project = whole();
    let step = if times(0, 1) == 1 { 4 } else { 24 };
    let program = env!("CARGO_BIN_EXE_forewarn");
    // The disk is made as full as it can be, and larger by a step each time, until the build has room.
    let script = format!(
        "mkdir disk; mount -t tmpfs -o size=64m tmpfs disk
         {program} --today {TODAY} build --out disk/site > first 2>&1
         hash() {{ (cd disk/site; find . -type f | sort | xargs sha256sum | sha256sum); }}
         hash > old
         used=$(df -k --output=used disk | tail -1)
         echo '# More' > content/more.md; echo '# Home, changed' > content/index.md
         size=$((used)); tries=0
         while :; do
           mount -o remount,size=${{size}}k disk
           code=0; {program} --today {TODAY} build --out disk/site > out 2> err || code=$?
           [ $code -eq 0 ] && break
           hash > now; cmp -s old now || {{ echo \"changed at $size\" > verdict; exit 0; }}
           [ $code -eq 2 ] && grep -qi 'no space' err || {{ echo \"exit $code at $size: $(cat err)\" > verdict; exit 0; }}
           ls -A disk | grep -v '^site$' > beside && {{ echo \"left at $size: $(cat beside)\" > verdict; exit 0; }}
           size=$((size + {step})); tries=$((tries + 1))
         done
         echo \"whole after $tries\" > verdict"
    );
    let ran = Command::new("unshare").args(["-rm", "sh", "-euc", &script]).current_dir(project.path("")).output().expect("unshare");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let verdict = project.read("verdict");
    let tries: usize =
        verdict.trim().strip_prefix("whole after ").and_then(|tries| tries.parse().ok()).unwrap_or_else(|| panic!("{verdict}"));
    assert!(tries >= 2, "the disk was never full");
}

#[cfg(target_os = "linux")]
#[test]
fn o07_a_mount_point_is_written_file_by_file_and_that_is_said() {
    if !may_mount() {
        return;
    }
    let project = whole();
    let program = env!("CARGO_BIN_EXE_forewarn");
    let script = format!(
        "mkdir public copy; mount -t tmpfs tmpfs public
         {program} --today {TODAY} build > out 2> err; echo '# More' > content/more.md
         {program} --today {TODAY} build > out 2>> err; cp -a public/. copy"
    );
    let ran = Command::new("unshare").args(["-rm", "sh", "-euc", &script]).current_dir(project.path("")).output().expect("unshare");
    assert!(ran.status.success(), "{}{}", String::from_utf8_lossy(&ran.stderr), project.read("err"));
    assert!(project.read("err").contains("file by file"), "{}", project.read("err"));
    let written = project.tree("copy");
    project.sh("rm -r public copy out err");
    assert_eq!(written, built(&project));
}

#[test]
fn d05_builds_at_once_wait_or_name_who_holds_the_lock() {
    let two = Two::new();
    for n in 0..times(8, 50) {
        Two::put(&two.project, n % 2);
        let ran = [begin(&two.project), begin(&two.project), begin(&two.project)].map(|child| child.wait_with_output().expect("ended"));
        for one in &ran {
            let said = String::from_utf8_lossy(&one.stderr);
            let code = one.status.code();
            assert!(code == Some(0) || code == Some(2) && said.contains("locked by pid"), "{code:?}: {said}");
        }
        assert!(ran.iter().any(|one| one.status.success()));
        assert_eq!((two.which(), two.left()), (n % 2, Vec::<String>::new()));
    }
}

#[test]
fn d06_a_lock_that_a_dead_process_left_binds_nobody() {
    let project = whole().file(".public.forewarn-lock", "999999\n");
    assert_eq!(project.run("build").code, 0);
    assert_is_whole(&project.tree("public"));
}

#[test]
fn d07_few_open_files_and_little_memory_are_enough_for_a_thousand_pages() {
    let project = whole();
    (0..1_000).for_each(|page| project.write(&format!("content/s/p{page}.md"), format!("# Page {page}\n\nText.\n")));
    for limit in ["-n 64", "-v 400000"] {
        let program = env!("CARGO_BIN_EXE_forewarn");
        project.sh(&format!("code=0; (ulimit {limit}; exec {program} --today {TODAY} build) > out 2> err || code=$?; echo $code > code"));
        let (code, said) = (project.read("code"), project.read("err"));
        assert!(matches!(code.trim(), "0" | "2") && !said.contains("panicked at"), "{limit}: {code}{said}");
        if code.trim() == "0" {
            assert_is_whole(&project.tree("public"));
        }
        project.sh("rm out err code");
    }
}

#[test]
fn d08_a_file_that_comes_and_goes_is_whole_or_named_and_never_half() {
    let project = whole().file("new", format!("# Come and gone\n\n{}\nThe end.\n", "word ".repeat(20_000)));
    project.write("content/p.png", "picture".repeat(20_000));
    let changing = "while :; do rm -f content/x.md content/p.png; cp new content/x.bak; mv content/x.bak content/x.md; cp new content/p.bak; mv content/p.bak content/p.png; done";
    let mut other = Command::new("sh").args(["-c", changing]).current_dir(project.path("")).stderr(Stdio::null()).spawn().expect("sh");
    let mut seen = Vec::new();
    for _ in 0..times(15, 100) {
        let ran = project.run("build");
        match ran.code {
            0 => {
                let output = project.tree("public");
                assert_is_whole(&output);
                let page = output.get("x/index.html").map(|bytes| String::from_utf8_lossy(bytes).into_owned());
                assert!(page.is_none_or(|page| page.contains("The end.")), "half a page");
            }
            1 | 2 => {
                assert!(ran.err.contains("x.md") || ran.err.contains("p.png") || ran.out.contains("content/"), "{}{}", ran.out, ran.err)
            }
            code => panic!("exit {code}"),
        }
        seen.push(ran.code);
    }
    other.kill().expect("killed");
    other.wait().expect("ended");
    assert!(project.run("check").code < 2, "{seen:?}");
}

#[test]
fn d09_whoever_stops_reading_is_no_reason_to_panic() {
    let mut project = whole();
    for page in 0..200 {
        project = project.file(&format!("content/p{page}.md"), "# P\n\n[x](nowhere.md)\n");
    }
    let program = env!("CARGO_BIN_EXE_forewarn");
    for command in [
        "check --max 0",
        "check --format json",
        "check --format sarif",
        "check --format github",
        "check --format junit",
        "export model",
        "export schema",
        "explain --list",
        "impact deploy",
        "build --fail-on never",
        "--help",
    ] {
        project.sh(&format!("(code=0; {program} {command} --today {TODAY} || code=$?; echo $code > code) 2> said | head -1 > first"));
        let (code, said) = (project.read("code"), project.read("said"));
        assert!(matches!(code.trim(), "0" | "1" | "2") && !said.contains("panicked"), "{command}: {code}{said}");
        project.sh(&format!("code=0; {program} {command} --today {TODAY} >&- 2>&- || code=$?; echo $code > code"));
        assert!(matches!(project.read("code").trim(), "0" | "1" | "2"), "{command} with nothing to write to: {}", project.read("code"));
    }
}

/// What a process takes for the time, put below it.
const CLOCK: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static time_t now(void) { return atoll(getenv("CLOCK_SAYS")); }
time_t time(time_t *t) { if (t) *t = now(); return now(); }
int gettimeofday(struct timeval *t, void *z) { (void)z; t->tv_sec = now(); t->tv_usec = 0; return 0; }
int clock_gettime(clockid_t id, struct timespec *t) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int code = real(id, t);
  if (id == CLOCK_REALTIME) { t->tv_sec = now(); t->tv_nsec = 0; }
  return code;
}
"#;

#[cfg(target_os = "linux")]
#[test]
fn d10_with_a_day_given_the_clock_of_the_machine_changes_nothing() {
    let project = whole().file("clock.c", CLOCK).committed();
    project.sh("cc -shared -fPIC -o clock.so clock.c -ldl");
    let clock = project.path("clock.so").display().to_string();
    let expected = built(&project);
    for (says, year) in [("0", "1970"), ("2147483648", "2038"), ("4300000000", "2106")] {
        project.sh("rm -r public");
        let variables = [("LD_PRELOAD", clock.as_str()), ("CLOCK_SAYS", says), ("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8")];
        let ran = project.run_with("build", &variables);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        assert!(project.tree("public") == expected, "{year}");
        let told = project.sh(&format!(
            "CLOCK_SAYS={says} LD_PRELOAD={clock} {} new incident 'In {year}' > told; grep -h '^date' $(cat told) > day; rm $(cat told)",
            env!("CARGO_BIN_EXE_forewarn")
        ));
        assert!(told.read("day").contains(year), "the clock was another one: {}", told.read("day"));
    }
}

#[test]
fn d11_a_machine_without_a_home_or_a_folder_for_temporary_files_will_do() {
    let expected = built(&whole());
    let program = env!("CARGO_BIN_EXE_forewarn");
    for before in ["env -u HOME -u TMPDIR", "env TMPDIR=/nowhere/at/all", "env TMPDIR=$PWD/locked", "env -i", "env HOME= TMPDIR= PATH="] {
        let project = whole();
        project.sh(&format!("mkdir locked; chmod 555 locked; {before} {program} --today {TODAY} build > out 2> err; rmdir locked"));
        assert!(project.tree("public") == expected, "{before}: {}", project.read("err"));
    }
}

#[test]
fn d12_nothing_that_exists_is_overwritten() {
    for kind in ["page", "process", "system", "role", "incident", "premortem"] {
        let project = whole();
        let command = format!("new {kind} Deploy --path content/deploy.md");
        refused(&project, &command, "deploy.md");
    }
    refused(&whole(), "init", "exists already");
    refused(&whole(), "init --github-pages", "is a handbook already");
    refused(&whole().file(".github/workflows/pages.yml", "mine\n"), "new pages-workflow", "pages.yml");
}
