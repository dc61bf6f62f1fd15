#include <fstream>
#include <iostream>
#include <string>

// Says which of the C++ libraries it has been given.
int main() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("libstdc++") == std::string::npos) continue;
    const auto path = line.substr(line.find('/'));
    std::cout << path.substr(0, path.find(".so.6") + 5) << '\n';
    break;
  }
}
