/* Stands for NVIDIA's library, as far as the sampler asks it. STUB_NVML says how it is; STUB_NVML_PID who works on its card. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define API __attribute__((visibility("default")))
enum { OK = 0, NOT_SUPPORTED = 3, SMALL = 7, NO_DRIVER = 9, LOST = 15, MISMATCH = 18, UNKNOWN = 999 };
struct pci { char legacy[16]; unsigned domain, bus, device, id, sub; char bus_id[32]; };
struct memory { unsigned version; unsigned long long total, reserved, free, used; };
struct use { unsigned gpu, memory; };
struct process { unsigned pid; unsigned long long used; unsigned instance, compute; };

static int is(const char *how) {
  const char *told = getenv("STUB_NVML");
  return told && !strcmp(told, how);
}
static int odd(void) { return is("absurd"); }
static int number(unsigned *out, unsigned value) {
  *out = odd() ? 4294967295u : value;
  return OK;
}

API int nvmlInit_v2(void) {
  if (is("hangs")) for (;;) pause();
  return is("mismatch") ? MISMATCH : is("no driver") ? NO_DRIVER : OK;
}
API int nvmlShutdown(void) { return OK; }
API int nvmlSystemGetDriverVersion(char *out, unsigned size) { strncpy(out, "535.1", size); return OK; }
API int nvmlSystemGetProcessName(unsigned pid, char *out, unsigned size) {
  (void)pid;
  strncpy(out, "llama-\033[2Jserver", size);
  return OK;
}
API int nvmlDeviceGetCount_v2(unsigned *out) { *out = is("none") ? 0 : 2; return OK; }
API int nvmlDeviceGetHandleByIndex_v2(unsigned at, void **out) {
  if (is("lost") && at == 1) return LOST;
  *out = (void *)(size_t)(at + 1);
  return OK;
}
API int nvmlDeviceGetName(void *card, char *out, unsigned size) { (void)card; strncpy(out, "Stub", size); return OK; }
API int nvmlDeviceGetPciInfo_v3(void *card, struct pci *out) {
  memset(out, 0, sizeof *out);
  strcpy(out->bus_id, card == (void *)1 ? "00000000:01:00.0" : "00000000:02:00.0");
  return OK;
}
API int nvmlDeviceGetMemoryInfo_v2(void *card, struct memory *out) {
  (void)card;
  if (is("unified")) return NOT_SUPPORTED;
  out->total = 4ull << 30;
  out->used = odd() ? 9ull << 30 : 3ull << 30;
  return OK;
}
API int nvmlDeviceGetUtilizationRates(void *card, struct use *out) { (void)card; return number(&out->gpu, 97); }
API int nvmlDeviceGetTemperature(void *card, int sensor, unsigned *out) { (void)card, (void)sensor; return number(out, 84); }
API int nvmlDeviceGetPowerUsage(void *card, unsigned *out) { (void)card; *out = 58210; return odd() ? UNKNOWN : OK; }
API int nvmlDeviceGetEnforcedPowerLimit(void *card, unsigned *out) { (void)card; *out = 60000; return OK; }
API int nvmlDeviceGetClockInfo(void *card, int which, unsigned *out) { (void)card; *out = which == 1 ? 1290 : 3504; return OK; }
API int nvmlDeviceGetCurrentClocksThrottleReasons(void *card, unsigned long long *out) { (void)card; *out = 0x20; return OK; }
API int nvmlDeviceGetCurrPcieLinkGeneration(void *card, unsigned *out) { (void)card; return number(out, 3); }
API int nvmlDeviceGetMaxPcieLinkGeneration(void *card, unsigned *out) { (void)card; *out = is("gb10") ? 1 : 3; return OK; }
API int nvmlDeviceGetCurrPcieLinkWidth(void *card, unsigned *out) { (void)card; return number(out, 16); }
API int nvmlDeviceGetMaxPcieLinkWidth(void *card, unsigned *out) { (void)card; *out = 16; return OK; }
API int nvmlDeviceGetFanSpeed_v2(void *card, unsigned fan, unsigned *out) { (void)card, (void)fan, (void)out; return NOT_SUPPORTED; }
API int nvmlDeviceGetPerformanceState(void *card, int *out) { (void)card; *out = 0; return OK; }
API int nvmlDeviceGetComputeRunningProcesses_v3(void *card, unsigned *count, struct process *out) {
  const char *pid = getenv("STUB_NVML_PID");
  if (!pid || card != (void *)1) return *count = 0, OK;
  if (*count < 1) return *count = 1, SMALL;
  *count = 1;
  memset(out, 0, sizeof *out);
  out->pid = (unsigned)atoi(pid);
  out->used = 512ull << 20;
  return OK;
}
