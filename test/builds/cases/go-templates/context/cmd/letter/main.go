package main

import (
	"os"
	"text/template"
)

func main() {
	letter := template.Must(template.ParseFiles("templates/letter.txt"))
	if err := letter.Execute(os.Stdout, os.Args[1]); err != nil {
		panic(err)
	}
}
