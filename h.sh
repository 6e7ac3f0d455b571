typ () 
{ 
    xdotool mousemove $(python3 -c "print(round($1*1.152), round($2*1.152))") click --repeat 3 --delay 60 1;
    sleep .2;
    xdotool key ctrl+a;
    xdotool type -- "$3";
    sleep ${4:-.5}
}
