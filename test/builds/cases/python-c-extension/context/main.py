import answer

print(answer.get())
