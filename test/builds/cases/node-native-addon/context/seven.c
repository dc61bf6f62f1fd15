#include <node_api.h>

static napi_value get(napi_env env, napi_callback_info info) {
  napi_value result;
  napi_create_int32(env, 7, &result);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "get", NAPI_AUTO_LENGTH, get, NULL, &function);
  napi_set_named_property(env, exports, "get", function);
  return exports;
}
